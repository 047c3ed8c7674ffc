<?php
/**
 * Our sentences in the reader's language.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Spanish in Mexico or formal German read what is written for their language, rather than English.
 */
final class Translations {

	const DOMAIN = 'ventanilla';

	/** What each language is written as; another of the same language takes its nearest. */
	const NEAREST = array(
		'de'    => 'de_DE',
		'es'    => 'es_ES',
		'fr'    => 'fr_FR',
		'it'    => 'it_IT',
		'pt'    => 'pt_PT',
		'pt_BR' => 'pt_BR',
	);

	public function register(): void {
		add_action( 'init', array( $this, 'load' ), 1 );
		add_filter( 'load_textdomain_mofile', array( $this, 'find' ), 10, 2 );
	}

	public function load(): void {
		load_plugin_textdomain( self::DOMAIN, false, dirname( plugin_basename( __DIR__ ) ) . '/languages' );
	}

	/**
	 * Names the nearest file where there is none of its own.
	 *
	 * @param string $file   The file WordPress looks for.
	 * @param string $domain Whose.
	 * @return string
	 */
	public function find( $file, $domain ) {
		if ( self::DOMAIN !== $domain || ! is_string( $file ) || is_readable( $file ) ) {
			return $file;
		}
		$locale  = preg_match( '/ventanilla-([A-Za-z0-9_@]+)\.(?:mo|l10n\.php)$/', $file, $found ) ? $found[1] : '';
		$nearest = self::NEAREST[ substr( $locale, 0, 5 ) ] ?? self::NEAREST[ explode( '_', $locale )[0] ] ?? '';
		$ours    = dirname( __DIR__ ) . "/languages/ventanilla-$nearest.mo";
		return '' !== $nearest && is_readable( $ours ) ? $ours : $file;
	}
}
