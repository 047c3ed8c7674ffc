<?php
// For PHP's own web server: what exists is served as it is, everything else is WordPress's.
$root = rtrim( $_SERVER['DOCUMENT_ROOT'], '/' );
$path = '/' . ltrim( rawurldecode( (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) ), '/' );
// A site of a network below a folder of the address.
if ( getenv( 'WP_TEST_NETWORK' ) && preg_match( '#^/[a-z0-9-]+(/(?:wp-(?:admin|content|includes)/.*|wp-[a-z]+\.php))$#', $path, $found ) ) {
	$path = $found[1];
	if ( is_dir( $root . $path ) ) {
		$path = rtrim( $path, '/' ) . '/index.php';
	}
	if ( is_file( $root . $path ) && '.php' === substr( $path, -4 ) ) {
		$_SERVER['SCRIPT_NAME']     = $path;
		$_SERVER['PHP_SELF']        = $path;
		$_SERVER['SCRIPT_FILENAME'] = $root . $path;
		chdir( dirname( $root . $path ) );
		require $root . $path;
		return true;
	}
}
if ( '/' !== $path && file_exists( $root . $path ) ) {
	if ( is_dir( $root . $path ) && '/' !== substr( $path, -1 ) ) {
		header( "Location: $path/", true, 301 );
		return true;
	}
	if ( ! is_dir( $root . $path ) || is_file( $root . $path . 'index.php' ) ) {
		return false;
	}
}
$_SERVER['SCRIPT_NAME']     = '/index.php';
$_SERVER['PHP_SELF']        = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php';
chdir( $root );
require $root . '/index.php';
