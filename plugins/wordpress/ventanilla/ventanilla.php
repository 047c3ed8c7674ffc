<?php
/**
 * Plugin Name:       Ventanilla
 * Description:       A help window for your visitors and your team: requests, answers, progress and contact hours behind one button, on the front end and in wp-admin.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      7.4
 * License:           MIT
 * License URI:       https://opensource.org/license/mit
 * Text Domain:       ventanilla
 * Domain Path:       /languages
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

const VERSION = '0.1.0';

foreach ( array( 'network', 'settings', 'translations', 'token', 'server', 'visibility', 'hint-cookie', 'same-origin', 'identity', 'environment', 'unread', 'embed', 'inline-view', 'support-page', 'connection-test', 'settings-page', 'privacy', 'signature', 'woo', 'shop' ) as $ventanilla_part ) {
	require_once __DIR__ . "/includes/class-$ventanilla_part.php";
}
unset( $ventanilla_part );

/**
 * Builds every part and lets it hook itself in. The only place that says `new`.
 */
function boot(): void {
	$settings   = new Settings();
	$token      = new Token( $settings );
	$server     = new Server( $settings, $token );
	$visibility = new Visibility( $settings );
	$origin     = new Same_Origin();
	$embed      = new Embed( $settings, $visibility );

	$environment = new Environment( $settings, $server );
	$hint_cookie = new Hint_Cookie( $settings, $visibility );

	Settings::register();
	( new Translations() )->register();
	$environment->register();
	$hint_cookie->register();
	$embed->register();
	( new Identity( $settings, $token, $hint_cookie, $origin ) )->register();
	( new Unread( $settings, $server, $visibility, $environment, $origin ) )->register();
	( new Inline_View( $settings, $embed ) )->register();
	( new Support_Page( $settings, $visibility, $embed ) )->register();
	( new Connection_Test( $settings, $server, $environment ) )->register();
	( new Settings_Page( $settings ) )->register();
	( new Privacy( $settings, $server ) )->register();
	( new Shop( $settings, new Signature( $settings ), new Woo() ) )->register();
}
add_action( 'plugins_loaded', __NAMESPACE__ . '\boot' );

register_activation_hook(
	__FILE__,
	static function ( $everywhere = false ): void {
		Network::on( (bool) $everywhere, array( Settings::class, 'prepare' ) );
	}
);
register_deactivation_hook(
	__FILE__,
	static function ( $everywhere = false ): void {
		Hint_Cookie::forget_all();
		Network::on(
			(bool) $everywhere,
			static function (): void {
				wp_unschedule_hook( Shop::RETRY );
			}
		);
	}
);
