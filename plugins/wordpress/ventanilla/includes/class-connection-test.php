<?php
/**
 * Does it work, and if not, what is wrong?
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Asks the server with what is saved, and says in plain words what to do.
 */
final class Connection_Test {

	const ACTION = 'ventanilla_test';

	/** Seconds the clocks may differ; the server allows a minute. */
	const SKEW = 30;

	/** @var Settings */
	private $settings;

	/** @var Server */
	private $server;

	/** @var Environment */
	private $environment;

	public function __construct( Settings $settings, Server $server, Environment $environment ) {
		$this->settings    = $settings;
		$this->server      = $server;
		$this->environment = $environment;
	}

	public function register(): void {
		add_action( 'wp_ajax_' . self::ACTION, array( $this, 'respond' ) );
	}

	public function respond(): void {
		nocache_headers();
		if ( ! check_ajax_referer( self::ACTION, 'nonce', false ) ) {
			wp_send_json_error( array( __( 'This page has been open for long. Load it again and test once more.', 'ventanilla' ) ), 403 );
		}
		if ( ! current_user_can( 'manage_options' ) ) {
			wp_send_json_error( array( __( 'Only administrators may test the connection.', 'ventanilla' ) ), 403 );
		}
		list( $good, $lines ) = $this->run();
		$good ? wp_send_json_success( $lines ) : wp_send_json_error( $lines, 200 );
	}

	/**
	 * @return array{bool, string[]} Is all well, and what to tell.
	 */
	public function run(): array {
		if ( ! $this->settings->configured() ) {
			return array( false, array( __( 'Enter the server and the site key first, and save.', 'ventanilla' ) ) );
		}
		if ( '' === $this->settings->secret() ) {
			return array( false, array( __( 'The secret is missing. The button works, but everybody is a visitor.', 'ventanilla' ) ) );
		}
		$answer = $this->server->ask( 'GET' );
		if ( is_wp_error( $answer ) ) {
			return array( false, array( $this->explain( $answer ) ) );
		}
		$this->environment->tell_changes();
		$warnings = $this->warnings( $answer );
		$name     = isset( $answer['name'] ) && is_string( $answer['name'] ) ? $answer['name'] : '';
		$version  = isset( $answer['version'] ) && is_string( $answer['version'] ) ? $answer['version'] : '';
		/* translators: 1: name of the site at the help desk, 2: version number. */
		return array( ! $warnings, array_merge( array( sprintf( __( 'Connected to “%1$s”. Ventanilla %2$s answers and the secret is right.', 'ventanilla' ), $name, $version ) ), $warnings ) );
	}

	private function explain( \WP_Error $error ): string {
		$server = $this->settings->get( 'server' );
		switch ( $error->get_error_code() ) {
			case 'ventanilla_away':
				/* translators: 1: address, 2: technical reason. */
				return sprintf( __( '%1$s does not answer (%2$s). Is the address right, and may this server reach it?', 'ventanilla' ), $server, $error->get_error_message() );
			case 'unknown_site':
				/* translators: %s: the site key. */
				return sprintf( __( 'The server knows no site with the key %s. Compare it with the one in the console.', 'ventanilla' ), $this->settings->get( 'site_key' ) );
			case 'identity_refused':
				/* translators: %s: technical reason. */
				return sprintf( __( 'The secret is not the one of this site (%s). Paste it again as the console shows it.', 'ventanilla' ), $error->get_error_message() );
			case 'rate_limited':
				return __( 'The server was asked too often. Wait a minute and test again.', 'ventanilla' );
			default:
				/* translators: 1: address, 2: technical reason. */
				return sprintf( __( 'What answers at %1$s is not Ventanilla (%2$s).', 'ventanilla' ), $server, $error->get_error_message() );
		}
	}

	/**
	 * @param array<string, mixed> $answer What the server says of itself.
	 * @return string[]
	 */
	private function warnings( array $answer ): array {
		$warnings = array();
		$origins  = isset( $answer['origins'] ) && is_array( $answer['origins'] ) ? $answer['origins'] : array();
		// An address with letters such as ü is another one in browsers: it cannot be compared here.
		foreach ( array_filter( array_unique( array( Settings::origin( home_url() ), Settings::origin( admin_url() ) ) ) ) as $origin ) {
			if ( ! in_array( $origin, $origins, true ) && ! in_array( '*', $origins, true ) ) {
				/* translators: %s: origin such as https://www.example.com. */
				$warnings[] = sprintf( __( 'The server does not serve pages of %s yet. Add it to the site’s addresses in the console.', 'ventanilla' ), $origin );
			}
		}
		if ( 0 === strpos( home_url(), 'https:' ) && 0 === strpos( $this->settings->get( 'server' ), 'http:' ) ) {
			$warnings[] = __( 'This site uses https and the server does not: browsers will refuse the button.', 'ventanilla' );
		}
		$now = isset( $answer['now'] ) && is_string( $answer['now'] ) ? strtotime( $answer['now'] ) : false;
		if ( $now && abs( time() - $now ) > self::SKEW ) {
			/* translators: %d: seconds. */
			$warnings[] = sprintf( __( 'The clocks of the two servers are %d seconds apart. Set them, or signing in will fail.', 'ventanilla' ), abs( time() - $now ) );
		}
		return $warnings;
	}
}
