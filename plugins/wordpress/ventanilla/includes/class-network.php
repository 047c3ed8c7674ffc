<?php
/**
 * The other sites of a network.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Does something on a site as if the request were its own.
 */
final class Network {

	/** At most so many sites are prepared at once; the others prepare themselves in their wp-admin. */
	const SITES = 500;

	/**
	 * Here only, or on every site when the whole network is meant.
	 *
	 * @param bool     $everywhere Is the plugin switched on or off for all?
	 * @param callable $act        What to do there.
	 */
	public static function on( bool $everywhere, callable $act ): void {
		if ( ! $everywhere || ! is_multisite() ) {
			$act();
			return;
		}
		$sites = get_sites(
			array(
				'fields' => 'ids',
				'number' => self::SITES,
			)
		);
		foreach ( $sites as $site ) {
			self::at( (int) $site, $act );
		}
	}

	public static function at( int $site, callable $act ): void {
		switch_to_blog( $site );
		$act();
		restore_current_blog();
	}
}
