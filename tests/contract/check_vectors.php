<?php
// Does PHP sign what the vectors say? With the example host's and the plugin's own functions; prints what differs.
define( 'ABSPATH', __DIR__ );
require __DIR__ . '/../../examples/php_host.php';
require __DIR__ . '/../../plugins/wordpress/ventanilla/includes/class-token.php';

$file   = json_decode( file_get_contents( __DIR__ . '/identity_vectors.json' ), true );
$signed = array_filter( $file['vectors'], static function ( $vector ) {
	return $vector['signed'];
} );
$same   = 0;
foreach ( $signed as $vector ) {
	$made = array(
		VentanillaExample\sign( $vector['claims'], $file['kid'], $file['secret'] ),
		Ventanilla\Token::jwt( $vector['claims'], "{$file['kid']}.{$file['secret']}" ),
	);
	if ( array( $vector['token'] ) === array_unique( $made ) ) {
		++$same;
	} else {
		fwrite( STDERR, "{$vector['name']}: " . implode( ' ', $made ) . "\n" );
	}
}
printf( "%d of %d the same, PHP %s\n", $same, count( $signed ), PHP_VERSION );
exit( $same && count( $signed ) === $same ? 0 : 1 );
