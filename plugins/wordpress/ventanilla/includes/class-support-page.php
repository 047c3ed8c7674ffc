<?php
/**
 * The user's own requests, inside wp-admin.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * A page for every role that may have the window, with the number of waiting answers in the menu
 * and in the toolbar.
 */
final class Support_Page {

	const SLUG = 'ventanilla';

	/** @var Settings */
	private $settings;

	/** @var Visibility */
	private $visibility;

	/** @var Embed */
	private $embed;

	public function __construct( Settings $settings, Visibility $visibility, Embed $embed ) {
		$this->settings   = $settings;
		$this->visibility = $visibility;
		$this->embed      = $embed;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ) );
		add_action( 'admin_bar_menu', array( $this, 'add_to_toolbar' ), 90 );
	}

	public function add_page(): void {
		if ( $this->is_offered() ) {
			add_menu_page( __( 'Support', 'ventanilla' ), __( 'Support', 'ventanilla' ) . Unread::badge( Unread::last_known() ), 'read', self::SLUG, array( $this, 'render' ), 'dashicons-sos', 71 );
		}
	}

	/**
	 * On the front end without the number: somebody's cache may keep the page for others.
	 *
	 * @param \WP_Admin_Bar $bar The toolbar.
	 */
	public function add_to_toolbar( $bar ): void {
		if ( $this->is_offered() ) {
			$bar->add_node(
				array(
					'id'    => self::SLUG,
					'title' => '<span class="ab-label">' . esc_html__( 'Support', 'ventanilla' ) . '</span>' . Unread::badge( is_admin() ? Unread::last_known() : 0 ),
					'href'  => admin_url( 'admin.php?page=' . self::SLUG ),
				)
			);
		}
	}

	public function render(): void {
		echo '<div class="wrap"><h1>' . esc_html__( 'Support', 'ventanilla' ) . '</h1>';
		if ( '' === $this->settings->secret() ) {
			echo '<div class="notice notice-warning"><p>' . esc_html__( 'Without the secret the help desk cannot know who you are, and your requests count as a visitor’s.', 'ventanilla' ) . '</p></div>';
		}
		echo '<div class="ventanilla-view">';
		echo $this->embed->view(); // phpcs:ignore WordPress.Security.EscapeOutput -- escaped where it is made.
		echo '</div></div>';
	}

	private function is_offered(): bool {
		return $this->settings->get( 'admin' ) && $this->settings->configured() && $this->visibility->allows( wp_get_current_user() );
	}
}
