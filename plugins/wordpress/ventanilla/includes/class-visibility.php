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
	 * Is the page shown one without the button? `*` stands for anything.
	 *
	 * @param string $path The request's path.
	 */
	public function hides_path( string $path ): bool {
		foreach ( $this->settings->get( 'hidden_paths' ) as $pattern ) {
			$expression = str_replace( '\*', '.*', preg_quote( untrailingslashit( $pattern ), '#' ) );
			if ( 1 === preg_match( "#^$expression/?$#i", $path ) ) {
				return true;
			}
		}
		return false;
	}
}
