<?php
/**
 * One server's word to another.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * `t=SECONDS,v1=HEX`: the HMAC-SHA256 of `SECONDS.BODY`, good for five minutes.
 */
final class Signature {

	const TOLERANCE = 300;

	/** @var Settings */
	private $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	public function sign( string $body ): string {
		$now = (string) time();
		return "t=$now,v1=" . $this->digest( $now, $body );
	}

	/**
	 * The id of the key, so that keys can change while both are good.
	 */
	public function key_id(): string {
		$parts = explode( '.', $this->settings->secret(), 2 );
		return isset( $parts[1] ) ? $parts[0] : '';
	}

	/**
	 * Did the help desk send this, a short while ago?
	 *
	 * @param string $body   As it came.
	 * @param string $header As it came.
	 */
	public function is_good( string $body, string $header ): bool {
		if ( '' === $this->settings->secret() || ! preg_match( '/(?:^|,)\s*t=(\d{1,12})(?:,|$)/', $header, $time ) ) {
			return false;
		}
		$expected = $this->digest( $time[1], $body );
		$found    = false;
		preg_match_all( '/(?:^|,)\s*v1=([0-9a-f]{64})(?=,|$)/', $header, $given );
		foreach ( $given[1] as $each ) {
			$found = hash_equals( $expected, $each ) || $found;
		}
		return $found && abs( time() - (int) $time[1] ) <= self::TOLERANCE;
	}

	private function digest( string $time, string $body ): string {
		$parts = explode( '.', $this->settings->secret(), 2 );
		return hash_hmac( 'sha256', "$time.$body", (string) end( $parts ) );
	}
}
