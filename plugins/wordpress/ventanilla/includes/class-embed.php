<?php
/**
 * The button on every page.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * One `async` script, the same for whoever looks at the page.
 */
final class Embed {

	const HANDLE = 'ventanilla';

	/** @var Settings */
	private $settings;

	/** @var Visibility */
	private $visibility;

	/** @var bool Does the page hold the view itself? Then it needs no button. */
	private $inline = false;

	public function __construct( Settings $settings, Visibility $visibility ) {
		$this->settings   = $settings;
		$this->visibility = $visibility;
	}

	public function register(): void {
		add_action( 'wp_enqueue_scripts', array( $this, 'on_front' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'in_admin' ) );
		add_action( 'login_enqueue_scripts', array( $this, 'after_logout' ) );
		add_filter( 'script_loader_tag', array( $this, 'add_attributes' ), 10, 2 );
	}

	public function on_front(): void {
		if ( $this->settings->get( 'front' ) && ! is_customize_preview() && ! $this->visibility->hides( self::address() ) ) {
			$this->enqueue();
		}
	}

	public function in_admin(): void {
		$framed = defined( 'IFRAME_REQUEST' ) && IFRAME_REQUEST;
		if ( $this->settings->get( 'admin' ) && ! $framed && $this->visibility->allows( wp_get_current_user() ) && ! $this->visibility->hides( self::address() ) ) {
			$this->enqueue();
		}
	}

	/**
	 * Path and query of the page asked for.
	 */
	private static function address(): string {
		return isset( $_SERVER['REQUEST_URI'] ) ? esc_url_raw( wp_unslash( $_SERVER['REQUEST_URI'] ) ) : '/';
	}

	/**
	 * The page one comes to by logging out: the widget forgets there and then who it was.
	 */
	public function after_logout(): void {
		if ( isset( $_GET['loggedout'] ) ) { // phpcs:ignore WordPress.Security.NonceVerification -- nothing is changed by it.
			$this->inline = true;
			$this->enqueue();
		}
	}

	/**
	 * The view inside the page.
	 */
	public function view(): string {
		$this->inline = true;
		$this->enqueue();
		return sprintf(
			'<ventanilla-widget site="%s" identity-url="%s"></ventanilla-widget>',
			esc_attr( $this->settings->get( 'site_key' ) ),
			esc_attr( Identity::url() )
		);
	}

	public function enqueue(): void {
		if ( $this->settings->configured() ) {
			wp_enqueue_script( self::HANDLE, $this->settings->script_url(), array(), null, true ); // phpcs:ignore WordPress.WP.EnqueuedResourceParameters -- the server names its versions.
		}
	}

	/**
	 * @param string $tag    The script's tag.
	 * @param string $handle Whose it is.
	 * @return string
	 */
	public function add_attributes( $tag, $handle ) {
		if ( self::HANDLE !== $handle || ! is_string( $tag ) ) {
			return $tag;
		}
		$attributes = array(
			'data-identity-url'    => Identity::url(),
			'data-identity-cookie' => Hint_Cookie::name(),
		);
		if ( 'users' === $this->settings->get( 'front_for' ) ) {
			$attributes['data-for'] = 'users';
		}
		if ( $this->inline ) {
			$attributes['data-button'] = 'none';
		}
		$written = ' async';
		foreach ( $attributes as $name => $value ) {
			$written .= sprintf( ' %s="%s"', $name, esc_attr( $value ) );
		}
		return preg_replace( '/\ssrc=/', "$written\$0", $tag, 1 );
	}
}
