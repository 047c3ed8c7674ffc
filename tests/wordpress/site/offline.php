<?php
/** The test site's rules: nothing leaves the machine, no letter is sent, queries can be counted. */
add_filter(
	'pre_http_request',
	static function ( $answer, $args, $url ) {
		if ( '127.0.0.1' === parse_url( $url, PHP_URL_HOST ) ) {
			return $answer;
		}
		if ( ! preg_match( '~/(update|version)-check/~', $url ) ) {
			return new WP_Error( 'offline', "offline: $url" );
		}
		return array(
			'headers'  => array(),
			'cookies'  => array(),
			'filename' => null,
			'response' => array( 'code' => 200, 'message' => 'OK' ),
			'body'     => '{"offers":[],"plugins":[],"themes":[],"no_update":[],"translations":[]}',
		);
	},
	10,
	3
);
add_filter( 'pre_wp_mail', '__return_true' );
if ( defined( 'SAVEQUERIES' ) ) {
	add_action(
		'shutdown',
		static function () {
			file_put_contents( getenv( 'WP_TEST_LOG' ) . '.queries', json_encode( array_column( $GLOBALS['wpdb']->queries, 0 ) ) );
		}
	);
}
