<?php
/**
 * Telling the page, and only the page, that somebody is signed in.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * A cookie for signed-in users that says nothing of them, only that they are another one than
 * before. Thanks to it a cached page is the same for all and a visitor costs no request. It is set
 * where no cache looks: at login, in wp-admin and with the identity; never on a public page.
 */
final class Hint_Cookie {

	const PREFIX = 'ventanilla_';

	/** At most so many sites of a network are told at a login; the others learn it in their wp-admin. */
	const SITES = 20;

	/** @var Settings */
	private $settings;

	/** @var Visibility */
	private $visibility;

	public function __construct( Settings $settings, Visibility $visibility ) {
		$this->settings   = $settings;
		$this->visibility = $visibility;
	}

	public function register(): void {
		add_action( 'set_logged_in_cookie', array( $this, 'set_at_login' ), 10, 4 );
		add_action( 'clear_auth_cookie', array( self::class, 'forget_all' ) );
		add_action( 'admin_init', array( $this, 'repair' ) );
	}

	/**
	 * The name the page is told. One for each site of a network: their rules differ.
	 */
	public static function name(): string {
		return self::PREFIX . get_current_blog_id();
	}

	/**
	 * @param string $cookie     The login cookie's value.
	 * @param int    $expire     When the browser forgets it; 0 when it is closed.
	 * @param int    $expiration When the login ends.
	 * @param int    $user_id    Who.
	 */
	public function set_at_login( $cookie, $expire, $expiration, $user_id ): void {
		$user = get_userdata( $user_id );
		if ( ! $user ) {
			return;
		}
		// Whoever signs in over somebody else leaves nothing of them, on the network's other sites either.
		self::forget( $user->ID );
		$this->set( $user, (int) $expire );
		if ( ! is_multisite() ) {
			return;
		}
		foreach ( array_slice( get_blogs_of_user( $user_id ), 0, self::SITES ) as $site ) {
			if ( get_current_blog_id() === $site->userblog_id ) {
				continue;
			}
			switch_to_blog( $site->userblog_id );
			$there = get_userdata( $user_id );
			if ( $there ) {
				$this->set( $there, (int) $expire );
			}
			restore_current_blog();
		}
	}

	/**
	 * Whoever signed in before the plugin came, or whose role changed, has it from here on.
	 */
	public function repair(): void {
		if ( is_user_logged_in() && ! wp_doing_ajax() ) {
			$this->keep( wp_get_current_user() );
		}
	}

	/**
	 * Sets the cookie unless the browser has it.
	 *
	 * @param \WP_User $user Who is signed in; none removes it.
	 */
	public function keep( \WP_User $user ): void {
		$has = isset( $_COOKIE[ self::name() ] ) ? sanitize_text_field( wp_unslash( $_COOKIE[ self::name() ] ) ) : '';
		if ( ! $user->exists() ) {
			if ( '' !== $has ) {
				self::send( self::name(), '', 1 );
			}
		} elseif ( $this->value( $user ) !== $has ) {
			$this->set( $user, 0 );
		}
	}

	/**
	 * At a logout: those of every site of the network, for the login is one.
	 */
	public static function forget_all(): void {
		self::forget( 0 );
	}

	/**
	 * @param int $keep The user whose own are left.
	 */
	private static function forget( int $keep ): void {
		foreach ( $_COOKIE as $name => $has ) {
			$ours = preg_match( '/^' . self::PREFIX . '(\d+)$/', (string) $name, $site );
			if ( $ours && ( ! $keep || ! is_string( $has ) || ltrim( $has, '-' ) !== self::mark( $keep, (int) $site[1] ) ) ) {
				self::send( (string) $name, '', 1 );
			}
		}
	}

	private function set( \WP_User $user, int $expire ): void {
		if ( $this->settings->configured() ) {
			self::send( self::name(), $this->value( $user ), $expire );
		}
	}

	/**
	 * A dash in front keeps the button away from a role that is left out.
	 */
	private function value( \WP_User $user ): string {
		return ( $this->visibility->allows( $user ) ? '' : '-' ) . self::mark( $user->ID );
	}

	private static function mark( int $user_id, int $site = 0 ): string {
		return substr( wp_hash( 'ventanilla ' . Token::subject( $user_id, $site ) ), 0, 16 );
	}

	private static function send( string $name, string $value, int $expire ): void {
		if ( headers_sent() ) {
			return;
		}
		setcookie(
			$name,
			$value,
			array(
				'expires'  => $expire,
				'path'     => COOKIEPATH ? COOKIEPATH : '/',
				'domain'   => COOKIE_DOMAIN ? COOKIE_DOMAIN : '',
				'secure'   => is_ssl(),
				'httponly' => false,
				'samesite' => 'Lax',
			)
		);
		$_COOKIE[ $name ] = $value;
	}
}
