<?php
/**
 * What the site owner chose.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Reads two options and distrusts both the form and the database.
 */
final class Settings {

	const OPTION = 'ventanilla';

	/**
	 * Apart from the rest: it is not loaded with every page.
	 */
	const SECRET = 'ventanilla_secret';

	const DEFAULTS = array(
		'server'       => '',
		'site_key'     => '',
		'front'        => true,
		'front_for'    => 'all',
		'hidden_paths' => array(),
		'admin'        => true,
		'hidden_roles' => array(),
		'share'        => false,
	);

	public static function register(): void {
		add_action( 'admin_init', array( self::class, 'prepare' ) );
		add_action( 'wp_initialize_site', array( self::class, 'prepare_new' ), 100 );
	}

	/**
	 * Makes both rows, so that no page pays a query for a missing one.
	 */
	public static function prepare(): void {
		if ( false === get_option( self::OPTION ) ) {
			add_option( self::OPTION, self::DEFAULTS );
			add_option( self::SECRET, '', '', false );
		}
	}

	/**
	 * A site that joins a network which has the plugin everywhere.
	 *
	 * @param \WP_Site $site The new one.
	 */
	public static function prepare_new( $site ): void {
		$everywhere = (array) get_site_option( 'active_sitewide_plugins', array() );
		if ( isset( $everywhere[ plugin_basename( dirname( __DIR__ ) . '/ventanilla.php' ) ] ) ) {
			Network::at( (int) $site->blog_id, array( self::class, 'prepare' ) );
		}
	}

	/**
	 * Every setting, each of its type whatever the database holds.
	 *
	 * @return array<string, mixed>
	 */
	public function all(): array {
		return self::clean( get_option( self::OPTION, self::DEFAULTS ) );
	}

	/**
	 * One setting.
	 *
	 * @param string $name A key of DEFAULTS.
	 * @return mixed
	 */
	public function get( string $name ) {
		return $this->all()[ $name ];
	}

	/**
	 * The secret as `key-id.secret`. `VENTANILLA_SECRET` in wp-config.php wins over the database.
	 */
	public function secret(): string {
		if ( $this->secret_is_constant() ) {
			return trim( (string) constant( 'VENTANILLA_SECRET' ) );
		}
		$kept = get_option( self::SECRET, '' );
		return is_string( $kept ) ? $kept : '';
	}

	public function secret_is_constant(): bool {
		return defined( 'VENTANILLA_SECRET' ) && is_scalar( constant( 'VENTANILLA_SECRET' ) );
	}

	/**
	 * May the button be shown? It needs no secret: without one everybody is a visitor.
	 */
	public function configured(): bool {
		return '' !== $this->get( 'server' ) && '' !== $this->get( 'site_key' );
	}

	/**
	 * Where the widget comes from.
	 */
	public function script_url(): string {
		return $this->get( 'server' ) . '/w/' . $this->get( 'site_key' ) . '.js';
	}

	/**
	 * Makes of anything a complete set of settings. What is wrong becomes its default.
	 *
	 * @param mixed $given From the form or the database.
	 * @return array<string, mixed>
	 */
	public static function clean( $given ): array {
		$given = is_array( $given ) ? $given : array();
		$given = array_merge( $given, self::split( self::text( $given, 'server' ) ) );
		$key   = self::text( $given, 'site_key' );
		return array(
			'server'       => self::origin( self::text( $given, 'server' ) ),
			'site_key'     => preg_match( '/^[A-Za-z0-9_-]{1,64}$/', $key ) ? $key : '',
			'front'        => self::truth( $given, 'front' ),
			'front_for'    => 'users' === self::text( $given, 'front_for' ) ? 'users' : 'all',
			'hidden_paths' => self::lines( $given['hidden_paths'] ?? array() ),
			'admin'        => self::truth( $given, 'admin' ),
			'hidden_roles' => self::names( $given['hidden_roles'] ?? array() ),
			'share'        => self::truth( $given, 'share' ),
		);
	}

	/**
	 * Only scheme, host and port: what comes behind them is never part of an address we build.
	 *
	 * @param string $text As typed; a bare host means https.
	 * @return string Empty if it is no address.
	 */
	public static function origin( string $text ): string {
		if ( '' !== $text && ! preg_match( '#^[a-z][a-z0-9+.-]*://#i', $text ) ) {
			$text = "https://$text";
		}
		$parts = wp_parse_url( $text );
		if ( ! is_array( $parts ) || ! in_array( strtolower( $parts['scheme'] ?? '' ), array( 'http', 'https' ), true ) || isset( $parts['user'] ) ) {
			return '';
		}
		$host = strtolower( $parts['host'] ?? '' );
		if ( ! preg_match( '/^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:]+\])$/', $host ) ) {
			return '';
		}
		return strtolower( $parts['scheme'] ) . "://$host" . ( isset( $parts['port'] ) ? ":{$parts['port']}" : '' );
	}

	/**
	 * Takes the address of the script, or the whole tag, for server and site key.
	 *
	 * @param string $text What was pasted as the server.
	 * @return array<string, string>
	 */
	private static function split( string $text ): array {
		return preg_match( '#(https?://[^\s"\'<>]+)/w/([A-Za-z0-9_-]+)\.js#', $text, $found )
			? array(
				'server'   => $found[1],
				'site_key' => $found[2],
			)
			: array();
	}

	/**
	 * @param array<mixed> $given Settings.
	 * @param string       $name  Which.
	 */
	private static function text( array $given, string $name ): string {
		return isset( $given[ $name ] ) && is_string( $given[ $name ] ) ? trim( $given[ $name ] ) : '';
	}

	/**
	 * @param array<mixed> $given Settings.
	 * @param string       $name  Which.
	 */
	private static function truth( array $given, string $name ): bool {
		return in_array( $given[ $name ] ?? false, array( true, 1, '1', 'on' ), true );
	}

	/**
	 * @param mixed $given Lines of text, or a list of them.
	 * @return string[] Paths such as `/checkout/*`.
	 */
	private static function lines( $given ): array {
		$lines = is_string( $given ) ? preg_split( '/\R/', $given ) : $given;
		$paths = array();
		foreach ( array_slice( is_array( $lines ) ? $lines : array(), 0, 100 ) as $line ) {
			$line = is_string( $line ) ? trim( wp_check_invalid_utf8( $line ) ) : '';
			// Pasted from the address bar, with the site in front.
			$line = (string) preg_replace( '#^https?://[^/?]+#i', '', $line . ( preg_match( '#^https?://[^/?]+$#i', $line ) ? '/' : '' ) );
			if ( '' !== $line && strlen( $line ) <= 300 ) {
				$paths[] = '/' . ltrim( $line, '/' );
			}
		}
		return array_values( array_unique( $paths ) );
	}

	/**
	 * @param mixed $given A list of role names.
	 * @return string[]
	 */
	private static function names( $given ): array {
		$given = is_array( $given ) ? array_filter( $given, 'is_string' ) : array();
		return array_values( array_unique( array_filter( array_map( 'sanitize_key', $given ) ) ) );
	}
}
