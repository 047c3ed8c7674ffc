<?php
// php api-check.php CORE PLUGIN: does every function, class and constant the plugin names exist in this WordPress?
define( 'WP_INSTALLING', true );
list( , $core, $checked ) = $argv;
$_SERVER += array( 'HTTP_HOST' => '127.0.0.1', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1' );
require "$core/wp-load.php";
foreach ( array( 'template', 'screen', 'misc', 'options', 'user', 'post', 'file', 'plugin' ) as $part ) {
	require_once ABSPATH . "wp-admin/includes/$part.php";
}
// Those of networks are loaded in networks only.
foreach ( array( 'ms-blogs', 'ms-functions', 'ms-site' ) as $part ) {
	require_once ABSPATH . WPINC . "/$part.php";
}
$own  = array( 'self' => 1, 'static' => 1, 'parent' => 1 );
$uses = array();
foreach ( new RecursiveIteratorIterator( new RecursiveDirectoryIterator( $checked, FilesystemIterator::SKIP_DOTS ) ) as $file ) {
	if ( 'php' !== $file->getExtension() ) {
		continue;
	}
	$skipped = array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT );
	$tokens  = array_values( array_filter( token_get_all( file_get_contents( $file ) ), static function ( $token ) use ( $skipped ) {
		return ! is_array( $token ) || ! in_array( $token[0], $skipped, true );
	} ) );
	foreach ( $tokens as $i => $token ) {
		if ( is_array( $token ) && in_array( $token[1], array( 'defined', 'function_exists' ), true ) ) {
			// Asked for before it is used.
			$own[ strtolower( trim( $tokens[ $i + 2 ][1], "'" ) ) ] = 1;
		}
		if ( ! is_array( $token ) || ! in_array( $token[0], array( T_STRING, T_NAME_FULLY_QUALIFIED ), true ) ) {
			continue;
		}
		$name   = ltrim( $token[1], '\\' );
		$before = is_array( $tokens[ $i - 1 ] ) ? $tokens[ $i - 1 ][0] : $tokens[ $i - 1 ];
		$after  = $tokens[ $i + 1 ] ?? null;
		$member = in_array( $before, array( T_OBJECT_OPERATOR, T_NULLSAFE_OBJECT_OPERATOR, T_DOUBLE_COLON ), true );
		$static = is_array( $after ) && T_DOUBLE_COLON === $after[0];
		if ( in_array( $before, array( T_FUNCTION, T_CLASS, T_CONST ), true ) ) {
			$own[ strtolower( $name ) ] = 1;
		} elseif ( T_NEW === $before || $static ) {
			$uses[] = array( 'class', $name, "$file:$token[2]" );
		} elseif ( '(' === $after && ! $member ) {
			$uses[] = array( 'function', $name, "$file:$token[2]" );
		} elseif ( ! $member && preg_match( '/^[A-Z][A-Z0-9_]{2,}$/', $name ) ) {
			$uses[] = array( 'constant', $name, "$file:$token[2]" );
		}
	}
}
$unknown = 0;
foreach ( $uses as list( $kind, $name, $place ) ) {
	$exists = array( 'class' => 'class_exists', 'function' => 'function_exists', 'constant' => 'defined' )[ $kind ];
	// WooCommerce is another's plugin; only one part speaks it.
	if ( 'class-woo.php' === basename( explode( ':', $place )[0] ) && preg_match( '/^(wc_|Automattic\\\\)/i', $name ) ) {
		continue;
	}
	if ( ! isset( $own[ strtolower( $name ) ] ) && ! $exists( $name ) ) {
		++$unknown;
		echo "$place: $kind $name is not in WordPress $wp_version\n";
	}
}
printf( "%d uses asked of WordPress %s, %d unknown\n", count( $uses ), $wp_version, $unknown );
exit( $unknown || ! $uses ? 1 : 0 );
