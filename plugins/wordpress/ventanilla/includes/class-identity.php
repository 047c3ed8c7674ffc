<?php
/**
 * Who is signed in, asked by the widget at the click.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Answers below wp-admin, which no page cache keeps, by the login cookie alone.
 */
final class Identity {

	const ACTION = 'ventanilla_identity';

	/** @var Settings */
	private $settings;

	/** @var Token */
	private $token;

	/** @var Hint_Cookie */
	private $hint_cookie;

	/** @var Same_Origin */
	private $origin;

	public function __construct( Settings $settings, Token $token, Hint_Cookie $hint_cookie, Same_Origin $origin ) {
		$this->settings    = $settings;
		$this->token       = $token;
		$this->hint_cookie = $hint_cookie;
		$this->origin      = $origin;
	}

	public function register(): void {
		add_action( 'wp_ajax_' . self::ACTION, array( $this, 'respond' ) );
		add_action( 'wp_ajax_nopriv_' . self::ACTION, array( $this, 'respond' ) );
	}

	/**
	 * The path the page is told; a path, so that it is always the page's own origin.
	 */
	public static function url(): string {
		return admin_url( 'admin-ajax.php?action=' . self::ACTION, 'relative' );
	}

	public function respond(): void {
		$this->origin->insist();
		$user = wp_get_current_user();
		$this->hint_cookie->keep( $user );
		if ( ! $user->exists() || '' === $this->settings->secret() ) {
			wp_send_json( array( 'anonymous' => true ) );
		}
		wp_send_json( array( 'token' => $this->token->for_user( $user ) ) );
	}
}
