<?php
/**
 * For whom and where the button is.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Decides by role, and by path for pages that are the same for everybody.
 */
final class Visibility {

	/** @var Settings */
	private $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	/**
	 * May this user have the window? Only users all of whose roles are left out may not.
	 *
	 * @param \WP_User $user Who.
	 */
	public function allows( \WP_User $user ): bool {
		return ! $user->roles || array_diff( $user->roles, $this->settings->get( 'hidden_roles' ) );
	}

	/**
	 * Is the page shown one without the button? Told by its address alone, so that a cache may keep it.
	 *
	 * @param string $address The request's path and query.
	 */
	public function hides( string $address ): bool {
		$parts = explode( '?', $address, 2 );
		$path  = '/' . ltrim( rawurldecode( $parts[0] ), '/' );
		$query = isset( $parts[1] ) ? '?' . rawurldecode( $parts[1] ) : '';
		foreach ( $this->settings->get( 'hidden_paths' ) as $pattern ) {
			// Browsers copy an address with letters such as é written in percent.
			$pattern = rawurldecode( $pattern );
			// A pattern that names no query means the page with any.
			$asked = preg_match( '/\?/', $pattern ) ? $query : '';
			if ( self::matches( $pattern, $path . $asked ) || self::matches( $pattern, self::below_home( $path ) . $asked ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A site that lives in a folder may name its pages with the folder or without.
	 */
	private static function below_home( string $path ): string {
		$home = untrailingslashit( (string) wp_parse_url( home_url(), PHP_URL_PATH ) );
		if ( '' === $home || 0 !== strpos( "$path/", "$home/" ) ) {
			return $path;
		}
		return '/' . ltrim( substr( $path, strlen( $home ) ), '/' );
	}

	/**
	 * `*` stands for anything; a slash at the end does not matter.
	 */
	private static function matches( string $pattern, string $address ): bool {
		$expression = str_replace( '\*', '.*', preg_quote( untrailingslashit( $pattern ), '#' ) );
		return 1 === preg_match( "#^$expression/?$#isD", $address );
	}
}
