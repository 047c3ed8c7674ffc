<?php
/**
 * Settings → Ventanilla.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * One short form. The secret is never shown; an empty field keeps it.
 */
final class Settings_Page {

	const SLUG = 'ventanilla-settings';

	/** @var Settings */
	private $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ) );
		add_action( 'admin_init', array( $this, 'add_settings' ) );
		add_action( 'admin_enqueue_scripts', array( $this, 'enqueue' ) );
		add_action( 'admin_notices', array( $this, 'invite' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( dirname( __DIR__ ) . '/ventanilla.php' ), array( $this, 'add_link' ) );
	}

	public function add_page(): void {
		add_options_page( __( 'Ventanilla', 'ventanilla' ), __( 'Ventanilla', 'ventanilla' ), 'manage_options', self::SLUG, array( $this, 'render' ) );
	}

	public function add_settings(): void {
		register_setting( self::SLUG, Settings::OPTION, array( 'sanitize_callback' => array( $this, 'sanitize' ) ) );
		register_setting( self::SLUG, Settings::SECRET, array( 'sanitize_callback' => array( $this, 'sanitize_secret' ) ) );
	}

	/**
	 * @param string $hook The page shown.
	 */
	public function enqueue( $hook ): void {
		if ( 'settings_page_' . self::SLUG !== $hook ) {
			return;
		}
		wp_enqueue_script( 'ventanilla-settings', plugins_url( 'assets/settings.js', __DIR__ ), array(), VERSION, true );
		wp_localize_script(
			'ventanilla-settings',
			'ventanillaTest',
			array(
				'url'     => admin_url( 'admin-ajax.php', 'relative' ),
				'action'  => Connection_Test::ACTION,
				'nonce'   => wp_create_nonce( Connection_Test::ACTION ),
				'saved'   => isset( $_GET['settings-updated'] ), // phpcs:ignore WordPress.Security.NonceVerification -- nothing is changed by it.
				'asking'  => __( 'Asking the server …', 'ventanilla' ),
				'failed'  => __( 'This site did not answer. Load the page again and test once more.', 'ventanilla' ),
				'unsaved' => __( 'Save first: what is saved is tested.', 'ventanilla' ),
			)
		);
	}

	public function invite(): void {
		$screen = get_current_screen();
		if ( $screen && 'plugins' === $screen->id && ! $this->settings->configured() && current_user_can( 'manage_options' ) ) {
			printf( '<div class="notice notice-info is-dismissible"><p>%s <a href="%s">%s</a></p></div>', esc_html__( 'Ventanilla is active. Two values connect it to your help desk.', 'ventanilla' ), esc_url( self::url() ), esc_html__( 'Enter them', 'ventanilla' ) );
		}
	}

	/**
	 * @param mixed $links Of the plugin's row.
	 * @return mixed
	 */
	public function add_link( $links ) {
		return array_merge( array( sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'ventanilla' ) ) ), is_array( $links ) ? $links : array() );
	}

	/**
	 * What cannot be an address or a key does not replace what works; the owner is told.
	 *
	 * @param mixed $given From the form.
	 * @return array<string, mixed>
	 */
	public function sanitize( $given ): array {
		$given = is_array( $given ) ? $given : array();
		if ( isset( $given['shown_roles'] ) ) {
			$shown                 = is_array( $given['shown_roles'] ) ? array_filter( $given['shown_roles'], 'is_string' ) : array();
			$given['hidden_roles'] = array_values( array_diff( array_keys( wp_roles()->get_names() ), $shown ) );
		}
		$clean  = Settings::clean( $given );
		$before = $this->settings->all();
		$errors = array(
			'server'   => __( 'The server was not changed: write an address such as https://help.example.com.', 'ventanilla' ),
			'site_key' => __( 'The site key was not changed: it is made of letters and digits, as the console shows it.', 'ventanilla' ),
		);
		foreach ( $errors as $name => $error ) {
			$typed = isset( $given[ $name ] ) && is_string( $given[ $name ] ) ? trim( $given[ $name ] ) : '';
			if ( '' === $clean[ $name ] && '' !== $typed ) {
				$clean[ $name ] = $before[ $name ];
				add_settings_error( Settings::OPTION, "ventanilla_$name", $error );
			}
		}
		return $clean;
	}

	/**
	 * @param mixed $given From the form; empty keeps what there is.
	 */
	public function sanitize_secret( $given ): string {
		$kept  = get_option( Settings::SECRET, '' );
		$kept  = is_string( $kept ) ? $kept : '';
		$given = is_string( $given ) ? trim( $given ) : '';
		if ( '' === $given || $given === $kept ) {
			return $kept;
		}
		if ( ! preg_match( '/^[\x21-\x7e]{16,300}$/', $given ) ) {
			add_settings_error( Settings::OPTION, 'ventanilla_secret', __( 'The secret was not changed: paste it as the console shows it, without spaces.', 'ventanilla' ) );
			return $kept;
		}
		return $given;
	}

	public function render(): void {
		if ( ! current_user_can( 'manage_options' ) ) {
			return;
		}
		$values = $this->settings->all();
		require dirname( __DIR__ ) . '/views/settings.php';
	}

	private static function url(): string {
		return admin_url( 'options-general.php?page=' . self::SLUG );
	}
}
