<?php
/**
 * Signing who somebody is.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * JSON Web Tokens with HMAC-SHA256 (RFC 7519, RFC 7515). Signs only; the server reads them.
 */
final class Token {

	/**
	 * Seconds a token lives: the most the server allows.
	 */
	const LIFE = 300;

	/**
	 * Whom this site's own server names when it speaks for itself and not for a user.
	 */
	const AUDIENCE = 'ventanilla:host';

	/** @var Settings */
	private $settings;

	public function __construct( Settings $settings ) {
		$this->settings = $settings;
	}

	/**
	 * The word of this site for one of its users, meant for their own browser.
	 *
	 * @param \WP_User $user Who.
	 */
	public function for_user( \WP_User $user ): string {
		$claims = array(
			'sub'            => self::subject( $user->ID ),
			'name'           => self::plain( $user->display_name ),
			'email'          => $user->user_email,
			/**
			 * Has the user proved that the address is theirs? WordPress does not know, and shops
			 * let customers type any. Say yes only if the site confirms addresses itself: earlier
			 * requests under a proved address become visible to the user.
			 *
			 * @param bool     $verified Default false.
			 * @param \WP_User $user     Who.
			 */
			'email_verified' => (bool) apply_filters( 'ventanilla_email_verified', false, $user ),
			'locale'         => str_replace( '_', '-', get_user_locale( $user ) ),
			'roles'          => array_values( $user->roles ),
		);
		if ( is_multisite() ) {
			$claims['site'] = self::plain( get_bloginfo( 'name', 'raw' ) );
		}
		/**
		 * What the site says of its user. Further claims (text, number or list) are shown to agents.
		 *
		 * @param array    $claims Claims of the token but its times.
		 * @param \WP_User $user   Who.
		 */
		$filtered = apply_filters( 'ventanilla_claims', $claims, $user );
		return $this->sign( array( 'sub' => $claims['sub'] ) + ( is_array( $filtered ) ? $filtered : $claims ) );
	}

	/**
	 * The word of this site's server, never handed to a browser.
	 *
	 * @param array<string, mixed> $claims `sub` where a user is meant.
	 */
	public function for_server( array $claims = array() ): string {
		return $this->sign( array( 'aud' => self::AUDIENCE ) + $claims );
	}

	/**
	 * Unique per network site and user.
	 *
	 * @param int $user_id The user.
	 * @param int $site    Which site of the network, if not this one.
	 */
	public static function subject( int $user_id, int $site = 0 ): string {
		return 'wp-' . ( $site ? $site : get_current_blog_id() ) . '-' . $user_id;
	}

	/**
	 * The number of the user of this site whom a subject names, or 0.
	 *
	 * @param string $subject As above.
	 */
	public static function user_of( string $subject ): int {
		return preg_match( '/^wp-(\d+)-(\d+)$/', $subject, $found ) && get_current_blog_id() === (int) $found[1] ? (int) $found[2] : 0;
	}

	/**
	 * As it was typed: WordPress keeps the names of people, sites and themes as HTML.
	 *
	 * @param string $kept Such as `Smith &amp; Sons`.
	 */
	public static function plain( string $kept ): string {
		return wp_specialchars_decode( $kept, ENT_QUOTES );
	}

	/**
	 * @param array<string, mixed> $claims What is said; times are added.
	 */
	private function sign( array $claims ): string {
		$now   = time();
		$times = array(
			'iat' => $now,
			'exp' => $now + self::LIFE,
		);
		return self::jwt( $times + $claims, $this->settings->secret() );
	}

	/**
	 * The same bytes as every other host makes of these claims.
	 *
	 * @param array<string, mixed> $claims What is said.
	 * @param string               $secret As `key-id.secret`.
	 */
	public static function jwt( array $claims, string $secret ): string {
		$parts  = explode( '.', $secret, 2 );
		$key    = array_pop( $parts );
		$header = array( 'alg' => 'HS256' ) + ( $parts ? array( 'kid' => $parts[0] ) : array() ) + array( 'typ' => 'JWT' );
		$body   = self::encode( self::json( $header ) ) . '.' . self::encode( self::json( $claims ) );
		return $body . '.' . self::encode( hash_hmac( 'sha256', $body, $key, true ) );
	}

	/**
	 * @param array<string, mixed> $data What to write; broken UTF-8 is replaced, not fatal.
	 */
	private static function json( array $data ): string {
		return (string) json_encode( $data, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE ); // phpcs:ignore WordPress.WP.AlternativeFunctions -- the bytes are signed.
	}

	private static function encode( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- as RFC 7515 has it.
	}
}
