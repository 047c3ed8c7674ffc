<?php
/**
 * How many answers wait for the user.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Asked after the page has loaded, so that no page of wp-admin waits for another server. Until
 * the answer comes the last one is shown.
 */
final class Unread {

	const ACTION = 'ventanilla_unread';

	/** User option, of each site of a network: the count and when it was asked. */
	const KEPT = 'ventanilla_unread';

	/** Seconds a count serves for further pages, so that somebody who hurries through them costs one question. */
	const FRESH = 10;

	/** @var Settings */
	private $settings;

	/** @var Server */
	private $server;

	/** @var Visibility */
	private $visibility;

	/** @var Environment */
	private $environment;

	/** @var Same_Origin */
	private $origin;

	public function __construct( Settings $settings, Server $server, Visibility $visibility, Environment $environment, Same_Origin $origin ) {
		$this->settings    = $settings;
		$this->server      = $server;
		$this->visibility  = $visibility;
		$this->environment = $environment;
		$this->origin      = $origin;
	}

	public function register(): void {
		add_action( 'wp_ajax_' . self::ACTION, array( $this, 'respond' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ) );
	}

	/**
	 * The badge of WordPress's own menus; empty and hidden while nothing waits.
	 *
	 * @param int $count Answers.
	 */
	public static function badge( int $count ): string {
		/* translators: %s: a number. */
		$spoken = sprintf( _n( '%s answer waits', '%s answers wait', $count, 'ventanilla' ), number_format_i18n( $count ) );
		return sprintf(
			' <span class="ventanilla-unread update-plugins count-%1$d"><span class="plugin-count" aria-hidden="true">%2$s</span><span class="screen-reader-text">%3$s</span></span>',
			$count,
			$count ? esc_html( number_format_i18n( $count ) ) : '',
			$count ? esc_html( $spoken ) : ''
		);
	}

	/**
	 * What was told last; for wp-admin only, whose pages no cache keeps.
	 */
	public static function last_known(): int {
		$kept = get_user_option( self::KEPT );
		return is_array( $kept ) && isset( $kept['count'] ) && is_int( $kept['count'] ) ? max( 0, $kept['count'] ) : 0;
	}

	public function enqueue(): void {
		if ( ! is_admin_bar_showing() || ! $this->settings->get( 'admin' ) || ! $this->settings->configured() || '' === $this->settings->secret() || ! $this->visibility->allows( wp_get_current_user() ) ) {
			return;
		}
		wp_enqueue_script( 'ventanilla-unread', plugins_url( 'assets/unread.js', __DIR__ ), array(), VERSION, true );
		wp_localize_script(
			'ventanilla-unread',
			'ventanillaUnread',
			array(
				'url'  => admin_url( 'admin-ajax.php?action=' . self::ACTION, 'relative' ),
				/* translators: %s: a number. */
				'one'  => _n( '%s answer waits', '%s answers wait', 1, 'ventanilla' ),
				/* translators: %s: a number. */
				'many' => _n( '%s answer waits', '%s answers wait', 2, 'ventanilla' ),
			)
		);
		wp_enqueue_style( 'ventanilla-unread', plugins_url( 'assets/unread.css', __DIR__ ), array(), VERSION );
	}

	public function respond(): void {
		$this->origin->insist();
		$kept = get_user_option( self::KEPT );
		if ( ! is_array( $kept ) || ! isset( $kept['at'], $kept['count'] ) || time() - (int) $kept['at'] >= self::FRESH ) {
			$answer = $this->server->ask( 'GET', '/unread', array( 'sub' => Token::subject( get_current_user_id() ) ) );
			if ( is_wp_error( $answer ) ) {
				wp_send_json( array( 'unread' => self::last_known() ) );
			}
			$kept = array(
				'count' => (int) ( $answer['unread'] ?? 0 ),
				'at'    => time(),
			);
			update_user_option( get_current_user_id(), self::KEPT, $kept );
			if ( current_user_can( 'manage_options' ) ) {
				$this->environment->tell_changes();
			}
		}
		wp_send_json( array( 'unread' => (int) $kept['count'] ) );
	}
}
