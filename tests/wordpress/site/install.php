<?php
// php install.php CORE [plugin/file.php ...]: install WordPress, add people, activate plugins.
define( 'WP_INSTALLING', true );
$_SERVER += array( 'HTTP_HOST' => parse_url( getenv( 'WP_TEST_HOME' ), PHP_URL_HOST ), 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1' );
function wp_new_blog_notification() {}
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
// Nobody answers yet at our own address, which the installer would ask.
add_filter( 'pre_http_request', static function () {
	return new WP_Error( 'offline', 'offline' );
} );
wp_install( 'Test shop', 'admin', 'admin@shop.example', true, '', 'admin-pass' );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'show_avatars', 0 );
foreach ( array( array( 'alice', 'Alice Æther', 'author' ), array( 'bob', 'Bob', 'subscriber' ) ) as list( $login, $name, $role ) ) {
	wp_insert_user( array( 'user_login' => $login, 'user_pass' => "$login-pass", 'user_email' => "$login@shop.example", 'display_name' => $name, 'role' => $role ) );
}
foreach ( get_users() as $user ) {
	// No welcome windows over what is tested.
	update_user_meta( $user->ID, 'wp_persisted_preferences', array( 'core/edit-post' => array( 'welcomeGuide' => false ), 'core' => array( 'enableChoosePatternModal' => false ), '_modified' => gmdate( 'c' ) ) );
	update_user_meta( $user->ID, 'show_welcome_panel', 0 );
}
if ( getenv( 'WP_TEST_NETWORK' ) ) {
	require_once ABSPATH . 'wp-admin/includes/network.php';
	foreach ( $wpdb->tables( 'ms_global' ) as $table => $prefixed ) {
		$wpdb->$table = $prefixed;
	}
	install_network();
	$populated = populate_network( 1, preg_replace( '#^https?://#', '', getenv( 'WP_TEST_HOME' ) ), 'admin@shop.example', 'Test network', '/', false );
	if ( is_wp_error( $populated ) && 'no_wildcard_dns' !== $populated->get_error_code() ) {
		fwrite( STDERR, $populated->get_error_message() );
		exit( 1 );
	}
}
foreach ( array_slice( $argv, 2 ) as $plugin ) {
	$result = activate_plugin( $plugin );
	if ( is_wp_error( $result ) ) {
		fwrite( STDERR, "$plugin: " . $result->get_error_message() );
		exit( 1 );
	}
}
flush_rewrite_rules( false );
echo "WordPress $wp_version, PHP " . PHP_VERSION;
