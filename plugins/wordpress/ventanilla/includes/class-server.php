<?php
/**
 * Asking the help desk's server.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * One signed request at a time, server to server.
 */
final class Server {

	/** @var Settings */
	private $settings;

	/** @var Token */
	private $token;

	public function __construct( Settings $settings, Token $token ) {
		$this->settings = $settings;
		$this->token    = $token;
	}

	/**
	 * Ask, and return what was answered.
	 *
	 * @param string               $method  HTTP method.
	 * @param string               $path    Below the site's own address, such as `/unread`, or empty.
	 * @param array<string, mixed> $claims  Further claims of the token.
	 * @param array<string, mixed> $body    What to send, if anything.
	 * @param int                  $timeout Seconds.
	 * @return array<string, mixed>|\WP_Error The error's code is the server's, or `ventanilla_away`, `ventanilla_stranger`; its data holds the status.
	 */
	public function ask( string $method, string $path = '', array $claims = array(), ?array $body = null, int $timeout = 5 ) {
		$url    = $this->settings->get( 'server' ) . '/api/v1/hosts/' . $this->settings->get( 'site_key' ) . $path;
		$answer = wp_remote_request(
			$url,
			array(
				'method'      => $method,
				'timeout'     => $timeout,
				'redirection' => 0,
				'headers'     => array(
					'Authorization' => 'Bearer ' . $this->token->for_server( $claims ),
					'Accept'        => 'application/json',
					'Content-Type'  => 'application/json',
				),
				'body'        => null === $body ? null : wp_json_encode( $body ),
			)
		);
		if ( is_wp_error( $answer ) ) {
			return new \WP_Error( 'ventanilla_away', $answer->get_error_message() );
		}
		$status = (int) wp_remote_retrieve_response_code( $answer );
		if ( 204 === $status ) {
			return array();
		}
		$data = json_decode( wp_remote_retrieve_body( $answer ), true );
		if ( 200 === $status && is_array( $data ) ) {
			return $data;
		}
		if ( is_array( $data ) && isset( $data['error']['code'] ) && is_string( $data['error']['code'] ) ) {
			return new \WP_Error( $data['error']['code'], (string) ( $data['error']['message'] ?? '' ), array( 'status' => $status ) );
		}
		return new \WP_Error( $status >= 500 ? 'ventanilla_away' : 'ventanilla_stranger', "HTTP $status", array( 'status' => $status ) );
	}
}
