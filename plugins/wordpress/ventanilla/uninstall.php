<?php
/**
 * Leaves nothing: no option, no user's data, on no site of a network.
 *
 * @package Ventanilla
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Of the current site.
 */
function ventanilla_remove_everything(): void {
	global $wpdb;
	foreach ( array( 'ventanilla', 'ventanilla_secret', 'ventanilla_told' ) as $option ) {
		delete_option( $option );
	}
	wp_unschedule_hook( 'ventanilla_tell_order' );
	delete_metadata( 'user', 0, $wpdb->get_blog_prefix() . 'ventanilla_unread', '', true );
}

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $ventanilla_site ) { // phpcs:ignore WordPress.Arrays.ArrayDeclarationSpacing
		switch_to_blog( $ventanilla_site );
		ventanilla_remove_everything();
		restore_current_blog();
	}
} else {
	ventanilla_remove_everything();
}
