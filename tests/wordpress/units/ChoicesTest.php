<?php
/** What the owner chooses, and for whom and where the button then is. */

use Ventanilla\Settings;
use Ventanilla\Settings_Page;
use Ventanilla\Translations;
use Ventanilla\Visibility;

require_once ABSPATH . 'wp-admin/includes/template.php';
require_once __DIR__ . '/PluginCase.php';

final class ChoicesTest extends PluginCase {

	public function addresses(): array {
		return array(
			array( 'help.example', 'https://help.example' ),
			array( 'https://Help.Example:8443/', 'https://help.example:8443' ),
			array( ' http://127.0.0.1:8700/console?x=1#y ', 'http://127.0.0.1:8700' ),
			array( 'http://[::1]:8700', 'http://[::1]:8700' ),
			array( 'javascript:alert(1)', '' ),
			array( 'ftp://help.example', '' ),
			array( 'https://user:pass@help.example', '' ),
			array( 'https://"><script>', '' ),
			array( 'https://', '' ),
			array( '', '' ),
		);
	}

	/** @dataProvider addresses */
	public function test_an_address_is_reduced_to_its_origin( string $typed, string $kept ): void {
		$this->assertSame( $kept, Settings::clean( array( 'server' => $typed ) )['server'] );
	}

	public function test_the_whole_tag_gives_server_and_key(): void {
		$clean = Settings::clean( array( 'server' => '<script async src="https://help.example/w/0a1b.js"></script>', 'site_key' => '' ) );
		$this->assertSame( array( 'https://help.example', '0a1b' ), array( $clean['server'], $clean['site_key'] ) );
	}

	public function test_only_users_all_of_whose_roles_are_left_out_are(): void {
		update_option( 'ventanilla', array( 'hidden_roles' => array( 'author' ) ) );
		$rule  = new Visibility( new Settings() );
		$alice = get_user_by( 'login', 'alice' );
		$this->assertFalse( $rule->allows( $alice ) );
		$alice->roles[] = 'editor';
		$this->assertTrue( $rule->allows( $alice ) );
		$this->assertTrue( $rule->allows( new WP_User( 0 ) ) );
	}

	public function paths(): array {
		return array(
			array( '/checkout', '/checkout/', true ),
			array( '/checkout/*', '/checkout/pay/1', true ),
			array( '/checkout/*', '/checkout-info/', false ),
			array( 'Shop', '/shop', true ),
			array( '/a.b', '/aXb', false ),
			array( '/*', '/anything', true ),
			array( '/[#]+', '/[#]+/', true ),
			array( '/café', '/caf%C3%A9/', true ),
			array( 'https://shop.example/caf%C3%A9/men%c3%ba', '/caf%C3%A9/men%C3%BA/', true ),
			array( '/checkout', '/checkout/?step=2', true ),
			array( '/?page_id=2', '/?page_id=2', true ),
			array( '/?page_id=2', '/?page_id=22', false ),
			array( '/*?*preview=true*', '/about/?preview=true', true ),
			array( '/wp-admin/edit.php', '/wp-admin/edit.php?post_type=page', true ),
			array( '/wp-admin/edit.php?post_type=page', '/wp-admin/edit.php', false ),
			array( 'https://shop.example/basket/', '/basket', true ),
			array( 'https://shop.example', '/', true ),
			array( 'https://shop.example', '/basket', false ),
			array( '/basket', '//basket/', true ),
			array( '/basket', "/basket\n", false ),
		);
	}

	/** @dataProvider paths */
	public function test_paths_leave_the_button_out( string $pattern, string $path, bool $hidden ): void {
		update_option( 'ventanilla', array( 'hidden_paths' => array( $pattern ) ) );
		$this->assertSame( $hidden, ( new Visibility( new Settings() ) )->hides( $path ) );
	}

	public function test_a_site_in_a_folder_names_its_pages_with_the_folder_or_without(): void {
		$folder = static function (): string {
			return 'https://shop.example/shop';
		};
		add_filter( 'home_url', $folder );
		foreach ( array( '/basket' => true, '/shop/basket' => true, '/other' => false ) as $pattern => $hidden ) {
			update_option( 'ventanilla', array( 'hidden_paths' => array( $pattern ) ) );
			$this->assertSame( $hidden, ( new Visibility( new Settings() ) )->hides( '/shop/basket/' ), $pattern );
		}
		update_option( 'ventanilla', array( 'hidden_paths' => array( '/ping/basket' ) ) );
		$this->assertFalse( ( new Visibility( new Settings() ) )->hides( '/shopping/basket' ) );
		remove_filter( 'home_url', $folder );
	}

	public function test_a_pattern_of_many_stars_costs_no_time(): void {
		update_option( 'ventanilla', array( 'hidden_paths' => array_fill( 0, 100, str_repeat( '/*a', 90 ) ) ) );
		$begun = hrtime( true );
		$this->assertFalse( ( new Visibility( new Settings() ) )->hides( '/' . str_repeat( 'a', 4000 ) ) );
		$this->assertLessThan( 2e9, hrtime( true ) - $begun );
	}

	public function locales(): array {
		return array(
			array( 'es_MX', 'es_ES' ),
			array( 'de_DE_formal', 'de_DE' ),
			array( 'de_CH_informal', 'de_DE' ),
			array( 'fr_CA', 'fr_FR' ),
			array( 'pt_AO', 'pt_PT' ),
			array( 'pt_PT_ao90', 'pt_PT' ),
			array( 'ja', 'ja' ),
			array( 'dexter_X', 'dexter_X' ),
			array( '', '' ),
		);
	}

	/** @dataProvider locales */
	public function test_another_of_the_same_language_reads_its_nearest( string $locale, string $read ): void {
		$found = ( new Translations() )->find( "/nowhere/ventanilla-$locale.mo", 'ventanilla' );
		$this->assertSame( "ventanilla-$read.mo", basename( $found ) );
		$this->assertSame( '/x/other-es_MX.mo', ( new Translations() )->find( '/x/other-es_MX.mo', 'other' ) );
	}

	public function test_rubbish_from_the_form_is_never_kept(): void {
		$page    = new Settings_Page( new Settings() );
		$rubbish = array( null, '', 0, "\xff\xfe", array(), array( array() ), '<script>', str_repeat( 'x', 70000 ), new stdClass(), 'https://[', '//', "a\0b", 1.5, true, 'O:8:"stdClass":0:{}' );
		foreach ( $rubbish as $each ) {
			$given = array_fill_keys( array_merge( array_keys( Settings::DEFAULTS ), array( 'shown_roles', 'unknown' ) ), $each );
			foreach ( array( $each, $given ) as $form ) {
				$clean = $page->sanitize( $form );
				$this->assertSame( $clean, Settings::clean( $clean ), 'what is kept is clean' );
				$this->assertSame( array_keys( Settings::DEFAULTS ), array_keys( $clean ) );
			}
		}
	}

	public function test_what_cannot_be_a_secret_does_not_replace_it(): void {
		$page = new Settings_Page( new Settings() );
		foreach ( array( null, array(), true, new stdClass(), 'short', 'two words, and more words', str_repeat( 'x', 301 ), "\xff" . str_repeat( 'x', 20 ) ) as $each ) {
			$this->assertSame( 'k1.' . str_repeat( 's', 40 ), $page->sanitize_secret( $each ) );
		}
		update_option( 'ventanilla_secret', array( 'x' ) );
		$this->assertSame( '', ( new Settings() )->secret() );
		$this->assertSame( '', $page->sanitize_secret( '' ) );
	}

	public function test_an_empty_secret_keeps_the_one_there_is(): void {
		$page = new Settings_Page( new Settings() );
		$this->assertSame( 'k1.' . str_repeat( 's', 40 ), $page->sanitize_secret( '' ) );
		$this->assertSame( 'k1.' . str_repeat( 's', 40 ), $page->sanitize_secret( array( 'x' ) ) );
		$this->assertSame( 'k2.' . str_repeat( 't', 40 ), $page->sanitize_secret( ' k2.' . str_repeat( 't', 40 ) . ' ' ) );
	}
}
