<?php
/**
 * Quotes of the help desk, paid in this site's own shop.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Makes WooCommerce orders when the help desk asks, signed and however often, and tells it what
 * becomes of them until it has heard.
 */
final class Shop {

	const ROUTE = 'ventanilla/v1';

	/** Tries again to tell, with the number of the order and of the try. */
	const RETRY = 'ventanilla_tell_order';

	/** Minutes until the next try; the last is repeated for a week. */
	const DELAYS = array( 1, 5, 15, 60, 180, 360 );

	const TRIES = 40;

	/** Seconds one request waits for another that makes the same order. */
	const PATIENCE = 10;

	/** @var Settings */
	private $settings;

	/** @var Signature */
	private $signature;

	/** @var Woo */
	private $woo;

	/** @var array<int, true> Orders that changed during this request. */
	private $changed = array();

	public function __construct( Settings $settings, Signature $signature, Woo $woo ) {
		$this->settings  = $settings;
		$this->signature = $signature;
		$this->woo       = $woo;
	}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'add_routes' ) );
		add_action( 'before_woocommerce_init', array( $this->woo, 'declare_compatible' ) );
		add_action( 'woocommerce_order_status_changed', array( $this, 'react' ) );
		add_action( 'woocommerce_order_refunded', array( $this, 'react' ) );
		add_action( self::RETRY, array( $this, 'tell' ), 10, 2 );
		add_filter( 'woocommerce_get_return_url', array( $this, 'lead_back' ), 10, 2 );
	}

	public function add_routes(): void {
		$routes = array(
			'/orders'                                     => 'make',
			'/orders/check'                               => 'check',
			'/orders/(?P<order>[A-Za-z0-9_-]{1,64})/cancellation' => 'cancel',
		);
		foreach ( $routes as $route => $method ) {
			register_rest_route(
				self::ROUTE,
				$route,
				array(
					'methods'             => 'POST',
					'callback'            => array( $this, $method ),
					'permission_callback' => array( $this, 'is_the_help_desk' ),
				)
			);
		}
	}

	/**
	 * @param \WP_REST_Request $request Signed, or refused.
	 * @return true|\WP_Error
	 */
	public function is_the_help_desk( $request ) {
		if ( $this->signature->is_good( (string) $request->get_body(), (string) $request->get_header( 'ventanilla_signature' ) ) ) {
			return true;
		}
		return new \WP_Error( 'ventanilla_signature', 'The signature of this call is wrong or older than five minutes: compare the secret and the clocks.', array( 'status' => 403 ) );
	}

	/**
	 * @return array<string, mixed>|\WP_Error
	 */
	public function check() {
		return $this->woo->is_there() ? array( 'version' => VERSION ) : self::without_shop();
	}

	/**
	 * Makes the order, or returns the one made before.
	 *
	 * @param \WP_REST_Request $request The order as JSON.
	 * @return array<string, mixed>|\WP_Error
	 */
	public function make( $request ) {
		if ( ! $this->woo->is_there() ) {
			return self::without_shop();
		}
		$asked = $request->get_json_params();
		if ( ! self::is_whole( $asked ) ) {
			return new \WP_Error( 'ventanilla_order', 'The order is not whole.', array( 'status' => 422 ) );
		}
		$lock = 'ventanilla_' . md5( DB_NAME . get_current_blog_id() . $asked['order'] );
		if ( ! $this->take( $lock ) ) {
			return new \WP_Error( 'ventanilla_busy', 'The same order is being made.', array( 'status' => 503 ) );
		}
		try {
			$order = $this->woo->find( $asked['order'] );
			if ( ! $order && ! $this->woo->keeps( $asked['decimals'] ) ) {
				return new \WP_Error( 'ventanilla_decimals', "This shop rounds away what {$asked['currency']} needs: set {$asked['decimals']} decimals under WooCommerce → Settings → General.", array( 'status' => 409 ) );
			}
			if ( ! $order ) {
				$order = $this->woo->create( $asked, self::customer( $asked['customer'] ) );
			}
			return $this->woo->describe( $order );
		} catch ( \WC_Data_Exception $error ) {
			// A currency it does not know, say: it has its reason, and will not take it later either.
			return new \WP_Error( 'ventanilla_refused', $error->getMessage(), array( 'status' => 409 ) );
		} catch ( \Exception $error ) {
			return new \WP_Error( 'ventanilla_shop', $error->getMessage(), array( 'status' => 503 ) );
		} finally {
			$this->give_back( $lock );
		}
	}

	/**
	 * @param \WP_REST_Request $request Names the order in its address.
	 * @return array<string, mixed>|\WP_Error
	 */
	public function cancel( $request ) {
		if ( ! $this->woo->is_there() ) {
			return self::without_shop();
		}
		$order = $this->woo->find( (string) $request['order'] );
		if ( ! $order ) {
			return new \WP_Error( 'ventanilla_unknown', 'There is no such order.', array( 'status' => 404 ) );
		}
		$this->woo->cancel( $order );
		return $this->woo->describe( $order );
	}

	/**
	 * One of our orders changed: the help desk is told, at once if it can be.
	 *
	 * @param int $order_id WooCommerce's number.
	 */
	public function react( $order_id ): void {
		if ( ! $this->woo->get( (int) $order_id ) ) {
			return;
		}
		// In case this process ends before it has told; the customer does not wait for the help desk.
		if ( ! wp_next_scheduled( self::RETRY, array( (int) $order_id, 0 ) ) ) {
			wp_schedule_single_event( time(), self::RETRY, array( (int) $order_id, 0 ) );
		}
		$this->changed[ (int) $order_id ] = true;
		add_action( 'shutdown', array( $this, 'tell_now' ) );
	}

	public function tell_now(): void {
		if ( function_exists( 'fastcgi_finish_request' ) ) {
			fastcgi_finish_request();
		}
		foreach ( array_keys( $this->changed ) as $order_id ) {
			// If it failed, the next try has its own time by now.
			$this->tell( $order_id, 0 );
			wp_clear_scheduled_hook( self::RETRY, array( $order_id, 0 ) );
		}
		$this->changed = array();
	}

	/**
	 * Tells how an order stands now; what it was in between is of no use to anybody.
	 *
	 * @param int $order_id WooCommerce's number.
	 * @param int $tries    How often it was tried.
	 */
	public function tell( $order_id, $tries = 0 ): bool {
		$order = $this->woo->is_there() ? $this->woo->get( (int) $order_id ) : null;
		if ( ! $order ) {
			return true;
		}
		$body   = (string) wp_json_encode( $this->woo->describe( $order ) + array( 'event' => wp_generate_uuid4() ) );
		$answer = wp_remote_post(
			$this->settings->get( 'server' ) . '/api/v1/payments/hooks/' . $this->settings->get( 'site_key' ) . '/woocommerce',
			array(
				'timeout'     => 10,
				'redirection' => 0,
				'headers'     => array(
					'Content-Type'         => 'application/json',
					'Ventanilla-Signature' => $this->signature->sign( $body ),
					'Ventanilla-Key'       => $this->signature->key_id(),
				),
				'body'        => $body,
			)
		);
		$status = is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
		if ( $status >= 200 && $status < 300 ) {
			return true;
		}
		if ( $tries + 1 < self::TRIES ) {
			$minutes = self::DELAYS[ min( $tries, count( self::DELAYS ) - 1 ) ];
			wp_schedule_single_event( time() + 60 * $minutes, self::RETRY, array( (int) $order_id, $tries + 1 ) );
		}
		return false;
	}

	/**
	 * Whoever paid comes back to their request. Who has still to pay, by bank transfer say, stays: to
	 * which account is told on the shop's own page of thanks.
	 *
	 * @param string         $url   The shop's own page of thanks.
	 * @param \WC_Order|null $order Which.
	 * @return string
	 */
	public function lead_back( $url, $order ) {
		$back = $order ? (string) $order->get_meta( Woo::BACK ) : '';
		return '' !== $back && 'on-hold' !== $order->get_status() ? esc_url_raw( $back, array( 'http', 'https' ) ) : $url;
	}

	/**
	 * The user of this site whom the help desk means, or 0.
	 *
	 * @param array<string, mixed> $customer Who pays.
	 */
	private static function customer( array $customer ): int {
		$user = Token::user_of( (string) ( $customer['sub'] ?? '' ) );
		return get_userdata( $user ) ? $user : 0;
	}

	/**
	 * Has the order everything an order needs, each of its kind?
	 *
	 * @param mixed $asked What was sent.
	 */
	private static function is_whole( $asked ): bool {
		if ( ! is_array( $asked ) || ! is_array( $asked['lines'] ?? null ) || ! $asked['lines'] || ! is_array( $asked['customer'] ?? null ) || ! is_int( $asked['decimals'] ?? null ) ) {
			return false;
		}
		$texts = array( $asked['order'] ?? null, $asked['number'] ?? null, $asked['title'] ?? null, $asked['currency'] ?? null );
		$sums  = array( $asked['total'] ?? null, $asked['vat'] ?? null );
		foreach ( $asked['lines'] as $line ) {
			if ( ! is_array( $line ) ) {
				return false;
			}
			$texts[] = $line['text'] ?? null;
			array_push( $sums, $line['quantity'] ?? null, $line['net'] ?? null, $line['vat'] ?? null, $line['vat_rate'] ?? null );
		}
		$amounts = array_filter(
			$sums,
			static function ( $sum ): bool {
				return is_string( $sum ) && 1 === preg_match( '/^-?\d{1,15}(\.\d{1,4})?$/', $sum );
			}
		);
		return count( $sums ) === count( $amounts ) && count( $texts ) === count( array_filter( $texts, 'is_string' ) );
	}

	private static function without_shop(): \WP_Error {
		return new \WP_Error( 'ventanilla_no_shop', 'WooCommerce is not active on this site.', array( 'status' => 409 ) );
	}

	/**
	 * Two requests at once must not make two orders; the database knows who came first.
	 */
	private function take( string $lock ): bool {
		global $wpdb;
		return '1' === (string) $wpdb->get_var( $wpdb->prepare( 'SELECT GET_LOCK(%s, %d)', $lock, self::PATIENCE ) );
	}

	private function give_back( string $lock ): void {
		global $wpdb;
		$wpdb->get_var( $wpdb->prepare( 'SELECT RELEASE_LOCK(%s)', $lock ) );
	}
}
