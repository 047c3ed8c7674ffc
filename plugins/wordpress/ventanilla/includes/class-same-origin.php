<?php
/**
 * Whose page is asking?
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Lets only scripts of this site's own pages read an answer. It takes the place of a nonce, which
 * a cached page would hold long after it went stale.
 */
final class Same_Origin {

	/**
	 * Ends the request with 403 unless it is a POST with our header from one of our own pages.
	 */
	public function insist(): void {
		nocache_headers();
		if ( ! $this->is_met() ) {
			wp_send_json( array( 'error' => 'Only pages of this site may ask, by POST with the header X-Ventanilla.' ), 403 );
		}
	}

	/**
	 * Another origin cannot send the header without a preflight, which nobody here answers.
	 */
	private function is_met(): bool {
		if ( 'POST' !== self::header( 'REQUEST_METHOD' ) || '1' !== self::header( 'HTTP_X_VENTANILLA' ) ) {
			return false;
		}
		if ( ! in_array( self::header( 'HTTP_SEC_FETCH_SITE' ), array( '', 'same-origin' ), true ) ) {
			return false;
		}
		$origin = self::header( 'HTTP_ORIGIN' );
		return '' === $origin || in_array( self::host( $origin ), $this->hosts(), true );
	}

	/**
	 * The one asked for, and the site's own: a proxy may ask us by another name than people do.
	 *
	 * @return string[]
	 */
	private function hosts(): array {
		return array( strtolower( self::header( 'HTTP_HOST' ) ), self::host( home_url() ), self::host( admin_url() ) );
	}

	private static function host( string $url ): string {
		$parts = wp_parse_url( $url );
		$host  = is_array( $parts ) ? strtolower( $parts['host'] ?? '' ) : '';
		return $host . ( isset( $parts['port'] ) ? ":{$parts['port']}" : '' );
	}

	private static function header( string $name ): string {
		return isset( $_SERVER[ $name ] ) ? sanitize_text_field( wp_unslash( $_SERVER[ $name ] ) ) : '';
	}
}
