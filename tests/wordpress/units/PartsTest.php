<?php
/** What the plugin says: in tokens, to the help desk, and of it. */

use Ventanilla\Connection_Test;
use Ventanilla\Environment;
use Ventanilla\Privacy;
use Ventanilla\Server;
use Ventanilla\Settings;
use Ventanilla\Token;
use Ventanilla\Unread;

require_once __DIR__ . '/PluginCase.php';

final class PartsTest extends PluginCase {

	private function answer( int $status, $body, ?array &$asked = null ): void {
		add_filter(
			'pre_http_request',
			static function ( $pre, $args, $url ) use ( $status, $body, &$asked ) {
				$asked[] = array( $args['method'], $url, $args );
				return is_wp_error( $body ) ? $body : array( 'response' => array( 'code' => $status, 'message' => '' ), 'headers' => array(), 'cookies' => array(), 'filename' => null, 'body' => is_string( $body ) ? $body : wp_json_encode( $body ) );
			},
			20,
			3
		);
	}

	private static function connection_test(): Connection_Test {
		$settings = new Settings();
		$server   = new Server( $settings, new Token( $settings ) );
		return new Connection_Test( $settings, $server, new Environment( $settings, $server ) );
	}

	private static function claims( string $token ): array {
		return json_decode( base64_decode( strtr( explode( '.', $token )[1], '-_', '+/' ) ), true );
	}

	public function test_a_token_names_its_key_and_lives_five_minutes(): void {
		$user  = get_user_by( 'login', 'alice' );
		$token = ( new Token( new Settings() ) )->for_user( $user );
		list( $head, $body, $mark ) = explode( '.', $token );
		$this->assertSame( 'k1', json_decode( base64_decode( $head ), true )['kid'] );
		$this->assertSame( 300, self::claims( $token )['exp'] - self::claims( $token )['iat'] );
		$this->assertSame( $mark, rtrim( strtr( base64_encode( hash_hmac( 'sha256', "$head.$body", str_repeat( 's', 40 ), true ) ), '+/', '-_' ), '=' ) );
	}

	public function test_a_filter_adds_claims_but_cannot_change_who_it_is(): void {
		add_filter( 'ventanilla_claims', static function ( $claims ) {
			return array( 'sub' => 'somebody-else', 'plan' => 'gold', 'exp' => 1, 'broken' => "\xff" ) + $claims;
		} );
		$claims = self::claims( ( new Token( new Settings() ) )->for_user( get_user_by( 'login', 'bob' ) ) );
		$this->assertSame( 'gold', $claims['plan'] );
		$this->assertSame( 'wp-1-' . get_user_by( 'login', 'bob' )->ID, $claims['sub'] );
		$this->assertGreaterThan( time(), $claims['exp'] );
	}

	public function test_a_broken_filter_does_no_harm(): void {
		add_filter( 'ventanilla_claims', '__return_null' );
		$claims = self::claims( ( new Token( new Settings() ) )->for_user( get_user_by( 'login', 'bob' ) ) );
		$this->assertSame( 'Bob', $claims['name'] );
	}

	public function test_a_name_is_told_as_it_was_typed(): void {
		wp_update_user( array( 'ID' => 2, 'display_name' => "Smith & Sons <i>O'Neil</i>" ) );
		$this->assertSame( "Smith & Sons O'Neil", self::claims( ( new Token( new Settings() ) )->for_user( get_userdata( 2 ) ) )['name'] );
	}

	public function test_names_of_what_the_site_runs_on_are_told_as_they_are_written(): void {
		wp_cache_set( 'plugins', array( '' => array( 'ventanilla/ventanilla.php' => array( 'Name' => 'Questions &amp; <b>Q&A</b>', 'Version' => '1' ) ) ), 'plugins' );
		$settings = new Settings();
		$parts    = ( new Environment( $settings, new Server( $settings, new Token( $settings ) ) ) )->parts();
		$this->assertContains( 'Questions & Q&A', array_column( $parts, 'name' ) );
	}

	public function test_the_block_is_as_wide_as_was_chosen_and_has_its_classes(): void {
		$html = do_blocks( '<!-- wp:ventanilla/help-window {"align":"wide","className":"mine"} /-->' );
		$this->assertMatchesRegularExpression( '/^<div class="[^"]*\bmine\b[^"]*"[^>]*><ventanilla-widget /', $html );
		$this->assertStringContainsString( 'alignwide', $html );
		$this->assertStringStartsWith( '<ventanilla-widget ', do_shortcode( '[ventanilla]' ) );
	}

	public function test_an_address_counts_as_proved_only_if_the_site_says_so(): void {
		$user = get_user_by( 'login', 'bob' );
		$this->assertFalse( self::claims( ( new Token( new Settings() ) )->for_user( $user ) )['email_verified'] );
		add_filter( 'ventanilla_email_verified', '__return_true' );
		$this->assertTrue( self::claims( ( new Token( new Settings() ) )->for_user( $user ) )['email_verified'] );
	}

	public function test_the_server_s_own_token_speaks_for_no_user(): void {
		$claims = self::claims( ( new Token( new Settings() ) )->for_server() );
		$this->assertSame( 'ventanilla:host', $claims['aud'] );
		$this->assertArrayNotHasKey( 'sub', $claims );
	}

	public function test_what_the_site_runs_on_is_told_once_and_taken_back(): void {
		$settings = new Settings();
		$tells    = new Environment( $settings, new Server( $settings, new Token( $settings ) ) );
		$asked    = array();
		$this->answer( 204, '', $asked );
		$tells->tell_changes();
		$this->assertCount( 0, $asked, 'without consent' );
		update_option( 'ventanilla', array( 'server' => 'https://help.example', 'site_key' => 'abc123', 'share' => true ) );
		$tells->tell_changes();
		$tells->tell_changes();
		$this->assertCount( 1, $asked );
		$this->assertSame( 'PUT', $asked[0][0] );
		$parts = json_decode( $asked[0][2]['body'], true )['parts'];
		$this->assertContains( array( 'kind' => 'core', 'name' => 'WordPress', 'version' => get_bloginfo( 'version' ) ), $parts );
		$this->assertContains( 'Ventanilla', array_column( $parts, 'name' ) );
		update_option( 'ventanilla', array( 'server' => 'https://help.example', 'site_key' => 'abc123' ) );
		$this->assertSame( '{"parts":[]}', end( $asked )[2]['body'] );
	}

	public function test_a_change_of_plugins_or_theme_is_told_when_the_page_is_done(): void {
		$settings = new Settings();
		$tells    = new Environment( $settings, new Server( $settings, new Token( $settings ) ) );
		$tells->tell_soon();
		$this->assertFalse( has_action( 'shutdown', array( $tells, 'tell_at_last' ) ), 'without consent' );
		update_option( 'ventanilla', array( 'server' => 'https://help.example', 'site_key' => 'abc123', 'share' => true ) );
		$tells->register();
		do_action( 'switch_theme' );
		$this->assertNotFalse( has_action( 'shutdown', array( $tells, 'tell_at_last' ) ) );
		remove_action( 'shutdown', array( $tells, 'tell_at_last' ) );
	}

	public function test_the_count_of_answers_is_kept_for_when_the_server_is_away(): void {
		update_user_option( 2, Unread::KEPT, array( 'count' => 3, 'at' => 0 ) );
		wp_set_current_user( 2 );
		$this->assertSame( 3, Unread::last_known() );
		update_user_option( 2, Unread::KEPT, 'rubbish' );
		$this->assertSame( 0, Unread::last_known() );
		$this->assertStringContainsString( 'count-0', Unread::badge( 0 ) );
		$this->assertStringContainsString( '2 answers wait', Unread::badge( 2 ) );
	}

	public function wrongs(): array {
		return array(
			array( 0, new WP_Error( 'http', 'cURL error 28' ), 'does not answer (cURL error 28)' ),
			array( 502, '<html>', 'does not answer (HTTP 502)' ),
			array( 200, '<html>', 'is not Ventanilla' ),
			array( 302, '', 'is not Ventanilla' ),
			array( 401, array( 'error' => array( 'code' => 'identity_refused', 'message' => 'Signature' ) ), 'is not the one of this site' ),
			array( 404, array( 'error' => array( 'code' => 'unknown_site', 'message' => '' ) ), 'knows no site with the key abc123' ),
			array( 429, array( 'error' => array( 'code' => 'rate_limited', 'message' => '' ) ), 'asked too often' ),
			array( 200, array( 'name' => 'Shop', 'version' => '1', 'origins' => array(), 'now' => gmdate( 'c' ) ), 'does not serve pages of' ),
			array( 200, array( 'name' => 'Shop', 'version' => '1', 'origins' => array( '*' ), 'now' => gmdate( 'c', time() - 90 ) ), 'seconds apart' ),
			array( 200, array( 'name' => array(), 'origins' => 'x', 'now' => 7 ), 'does not serve pages of' ),
		);
	}

	/** @dataProvider wrongs */
	public function test_the_connection_test_names_what_is_wrong( int $status, $body, string $told ): void {
		$this->answer( $status, $body );
		list( $good, $lines ) = self::connection_test()->run();
		$this->assertFalse( $good );
		$this->assertStringContainsString( $told, implode( ' ', $lines ) );
	}

	public function test_a_good_connection_is_told(): void {
		$this->answer( 200, array( 'name' => 'Shop', 'version' => '1', 'origins' => array( Settings::origin( home_url() ) ), 'now' => gmdate( 'c' ) ) );
		$this->assertTrue( self::connection_test()->run()[0] );
	}

	public function test_an_address_with_letters_of_its_own_is_not_warned_of_without_a_name(): void {
		$ours  = Settings::origin( home_url() );
		$their = static function () {
			return 'https://bücher.example';
		};
		$this->answer( 200, array( 'name' => 'Shop', 'version' => '1', 'origins' => array( $ours, 'https://xn--bcher-kva.example' ), 'now' => gmdate( 'c' ) ) );
		add_filter( 'home_url', $their );
		list( $good, $lines ) = self::connection_test()->run();
		remove_filter( 'home_url', $their );
		$this->assertTrue( $good, implode( ' ', $lines ) );
	}

	public function test_a_good_connection_tells_at_once_what_the_owner_agreed_to_tell(): void {
		$asked = array();
		$this->answer( 200, array( 'name' => 'Shop', 'version' => '1', 'origins' => array( '*' ), 'now' => gmdate( 'c' ) ), $asked );
		update_option( 'ventanilla', array( 'server' => 'https://help.example', 'site_key' => 'abc123', 'share' => true ) );
		self::connection_test()->run();
		$this->assertSame( array( 'GET', 'PUT' ), array_column( $asked, 0 ) );
		$this->assertStringEndsWith( '/hosts/abc123/environment', $asked[1][1] );
	}

	public function test_whatever_is_kept_of_somebody_is_exported(): void {
		$settings = new Settings();
		$order    = array( 'state' => 'paid', 'decisions' => array( array( 'answer' => 'accepted', 'name' => 'Ana Decides', 'address' => '203.0.113.7' ) ) );
		$ticket   = array( 'number' => 7, 'title' => 'Whose title', 'fields' => array( 'title' => 'A field of that name' ), 'messages' => array( array( 'at' => 'then', 'by' => 'Ana', 'text' => 'Words' ) ), 'events' => array( array( 'at' => 'later', 'kind' => 'opened' ) ), 'orders' => array( $order ), 'rating' => array( 'sentence' => 'Went well' ), 'files' => array( array( 'name' => 'a.pdf' ) ) );
		$known    = array( 'person' => array( 'id' => 'p1', 'sub' => 'wp-1-2', 'claims' => array( 'roles' => 'author' ) ), 'tickets' => array( $ticket ), 'sessions' => array( array( 'origin' => 'https://shop.example' ) ) );
		$typed    = array( 'person' => array( 'email' => 'a@shop.example' ), 'tickets' => array(), 'questions' => array( array( 'text' => 'Asked before filing' ) ), 'votes' => array( array( 'helpful' => false ) ) );
		$this->answer( 200, array( 'people' => array( $known, $typed ) ) );
		$items  = ( new Privacy( $settings, new Server( $settings, new Token( $settings ) ) ) )->export( 'a@shop.example' )['data'];
		$values = array_merge( ...array_map( static function ( $item ) {
			return array_column( $item['data'], 'value' );
		}, $items ) );
		foreach ( array( 'Whose title', 'A field of that name', 'Words', 'opened', 'Ana Decides', '203.0.113.7', 'Went well', 'a.pdf', 'wp-1-2', 'author', 'https://shop.example', 'Asked before filing', '0' ) as $each ) {
			$this->assertContains( $each, $values );
		}
		$this->assertCount( 3, array_unique( array_column( $items, 'item_id' ) ) );
	}

	public function test_answers_of_any_shape_do_not_break_the_exporter(): void {
		$settings = new Settings();
		$privacy  = new Privacy( $settings, new Server( $settings, new Token( $settings ) ) );
		foreach ( array( array(), array( 'people' => 7 ), array( 'people' => array( 1, array( 'tickets' => 'x' ), array( 'person' => 'y', 'tickets' => array( array( 'messages' => array( 3, array() ), 'fields' => null ) ) ) ) ) ) as $body ) {
			remove_all_filters( 'pre_http_request', 20 );
			$this->answer( 200, $body );
			$this->assertTrue( $privacy->export( 'a@shop.example' )['done'] );
		}
	}
}
