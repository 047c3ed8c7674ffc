<?php
// What differs from one test site to the next comes from the environment.
define( 'DB_NAME', getenv( 'WP_TEST_DATABASE' ) );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:' . getenv( 'WP_TEST_SOCKET' ) );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
foreach ( array( 'AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE' ) as $purpose ) {
	define( "{$purpose}_KEY", "test-key-$purpose" );
	define( "{$purpose}_SALT", "test-salt-$purpose" );
}
// Behind several caches the site is known under each one's address.
$home = getenv( 'WP_TEST_ANY_HOST' ) && isset( $_SERVER['HTTP_HOST'] ) ? "http://{$_SERVER['HTTP_HOST']}" : getenv( 'WP_TEST_HOME' );
define( 'WP_HOME', $home );
define( 'WP_SITEURL', $home );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', getenv( 'WP_TEST_LOG' ) );
define( 'WP_ENVIRONMENT_TYPE', 'local' );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
if ( getenv( 'WP_TEST_QUERIES' ) ) {
	define( 'SAVEQUERIES', true );
}
if ( getenv( 'WP_TEST_FILES' ) ) {
	define( 'FS_METHOD', 'direct' );
}
if ( getenv( 'WP_TEST_SECRET' ) ) {
	define( 'VENTANILLA_SECRET', getenv( 'WP_TEST_SECRET' ) );
}
if ( getenv( 'WP_TEST_NETWORK' ) && ! defined( 'WP_INSTALLING' ) ) {
	define( 'MULTISITE', true );
	define( 'SUBDOMAIN_INSTALL', false );
	define( 'DOMAIN_CURRENT_SITE', preg_replace( '#^https?://#', '', getenv( 'WP_TEST_HOME' ) ) );
	define( 'PATH_CURRENT_SITE', '/' );
	define( 'SITE_ID_CURRENT_SITE', 1 );
	define( 'BLOG_ID_CURRENT_SITE', 1 );
}
$table_prefix = 'wp_';
defined( 'ABSPATH' ) || define( 'ABSPATH', __DIR__ . '/' );
require_once ABSPATH . 'wp-settings.php';
