<?php
/**
 * What the site runs on, for those who answer.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Told from server to server, with the owner's consent and only when it has changed: versions are
 * nothing for a visitor's browser.
 */
final class Environment {

	/** Fingerprint of what was told last; empty if nothing is kept there. */
	const TOLD = 'ventanilla_told';

	/** @var Settings */
	private $settings;

	/** @var Server */
	private $server;

	public function __construct( Settings $settings, Server $server ) {
		$this->settings = $settings;
		$this->server   = $server;
	}

	public function register(): void {
		add_action( 'update_option_' . Settings::OPTION, array( $this, 'react' ), 10, 2 );
		foreach ( array( 'activated_plugin', 'deactivated_plugin', 'switch_theme', 'upgrader_process_complete' ) as $change ) {
			add_action( $change, array( $this, 'tell_soon' ) );
		}
	}

	/**
	 * Something was installed, switched or updated: told when the page is done.
	 */
	public function tell_soon(): void {
		if ( $this->settings->get( 'share' ) ) {
			add_action( 'shutdown', array( $this, 'tell_at_last' ) );
		}
	}

	public function tell_at_last(): void {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		}
		$this->tell_changes();
	}

	/**
	 * Whoever takes the consent back does not wait for the next change.
	 *
	 * @param mixed $before Settings.
	 * @param mixed $after  Settings.
	 */
	public function react( $before, $after ): void {
		if ( Settings::clean( $before )['share'] && ! Settings::clean( $after )['share'] ) {
			$this->tell_changes();
		}
	}

	/**
	 * Tells the server what it does not know yet. Being away is no harm: it is told the next time.
	 */
	public function tell_changes(): void {
		$parts = $this->settings->get( 'share' ) ? $this->parts() : array();
		$print = $parts ? md5( (string) wp_json_encode( array( $this->settings->script_url(), $parts ) ) ) : '';
		if ( (string) get_option( self::TOLD, '' ) === $print || '' === $this->settings->secret() ) {
			return;
		}
		if ( ! is_wp_error( $this->server->ask( 'PUT', '/environment', array(), array( 'parts' => $parts ) ) ) ) {
			update_option( self::TOLD, $print, false );
		}
	}

	/**
	 * @return array<int, array<string, string>>
	 */
	public function parts(): array {
		$theme = wp_get_theme();
		$parts = array(
			self::part( 'core', 'WordPress', get_bloginfo( 'version' ) ),
			self::part( 'language', 'PHP', PHP_VERSION ),
			self::part( 'theme', (string) $theme->get( 'Name' ), (string) $theme->get( 'Version' ) ),
		);
		if ( ! function_exists( 'get_plugins' ) ) {
			require_once ABSPATH . 'wp-admin/includes/plugin.php';
		}
		foreach ( get_plugins() as $file => $plugin ) {
			if ( is_plugin_active( $file ) ) {
				$parts[] = self::part( 'plugin', $plugin['Name'], $plugin['Version'] );
			}
		}
		return array_slice( $parts, 0, 300 );
	}

	/**
	 * @return array<string, string>
	 */
	private static function part( string $kind, string $name, string $version ): array {
		$name = trim( mb_substr( Token::plain( wp_strip_all_tags( $name, true ) ), 0, 100 ) );
		return array(
			'kind'    => $kind,
			'name'    => '' === $name ? '?' : $name,
			'version' => trim( wp_html_excerpt( $version, 40 ) ),
		);
	}
}
