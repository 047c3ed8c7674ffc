<?php
/** A connected plugin inside a real WordPress; what a test changes is rolled back. */

use PHPUnit\Framework\TestCase;

abstract class PluginCase extends TestCase {

	protected function setUp(): void {
		$GLOBALS['wpdb']->query( 'START TRANSACTION' );
		wp_cache_flush();
		update_option( 'ventanilla', array( 'server' => 'https://help.example', 'site_key' => 'abc123' ) );
		update_option( 'ventanilla_secret', 'k1.' . str_repeat( 's', 40 ) );
		wp_set_current_user( 0 );
	}

	protected function tearDown(): void {
		$GLOBALS['wpdb']->query( 'ROLLBACK' );
		wp_cache_flush();
		remove_all_filters( 'ventanilla_claims' );
		remove_all_filters( 'ventanilla_email_verified' );
		remove_all_filters( 'pre_http_request', 20 );
	}
}
