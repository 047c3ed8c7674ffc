<?php
/**
 * As much of WooCommerce as the plugin's adapter uses, with orders kept in an option. Not the real
 * one, but as strict where it counts: totals are rounded to the decimals of the shop's prices when
 * they are set and when they are read, a new order takes the shop's word on prices with tax, an
 * address or a currency it does not know is refused as soon as it is set, orders are found by the
 * states that are asked for, as posts and as its own tables understand them, and a cache answers
 * what was known when the request began unless it may not.
 */
namespace Automattic\WooCommerce\Utilities {
	final class FeaturesUtil {
		public static function declare_compatibility( $feature, $file, $positive = true ) {
			update_option( 'test_shop_declared', array( $feature, basename( $file ), $positive ) );
		}
	}
	final class OrderUtil {
		public static function custom_orders_table_usage_is_enabled() {
			return 'yes' === get_option( 'woocommerce_custom_orders_table_enabled' );
		}
	}
}

namespace {
add_action( 'init', static function () {
	$GLOBALS['test_shop_cached'] = get_option( 'test_shop_orders', array() );
	do_action( 'before_woocommerce_init' );
}, 0 );

final class WooCommerce {}

class WC_Order_Item {
	public $data = array();
	public function __call( $name, $arguments ) {
		if ( 0 === strpos( $name, 'set_' ) ) {
			$this->data[ substr( $name, 4 ) ] = $arguments[0];
			return null;
		}
		return $this->data[ substr( $name, 4 ) ] ?? null;
	}
}
final class WC_Order_Item_Product extends WC_Order_Item {}
final class WC_Order_Item_Tax extends WC_Order_Item {}

final class WC_Data_Exception extends Exception {}

final class WC_Order {
	public $data  = array( 'id' => 0, 'status' => 'pending', 'meta' => array(), 'items' => array(), 'notes' => array(), 'refunded' => '0' );
	public function __construct( array $data = array() ) {
		$this->data = $data + $this->data + array( 'prices_include_tax' => 'yes' === get_option( 'woocommerce_prices_include_tax' ) );
		if ( isset( $this->data['total'] ) ) {
			$this->set_total( $this->data['total'] );
		}
	}
	public function set_total( $total ) {
		$this->data['total'] = wc_format_decimal( $total, wc_get_price_decimals() );
	}
	public function set_currency( $code ) {
		if ( ! in_array( $code, array( 'EUR', 'JPY', 'KWD' ), true ) ) {
			throw new WC_Data_Exception( 'Invalid currency code' );
		}
		$this->data['currency'] = $code;
	}
	public function set_billing_email( $address ) {
		if ( $address && ! is_email( $address ) ) {
			throw new WC_Data_Exception( 'Invalid billing email address' );
		}
		$this->data['billing_email'] = $address;
	}
	public function __call( $name, $arguments ) {
		if ( 0 === strpos( $name, 'set_' ) ) {
			$this->data[ substr( $name, 4 ) ] = $arguments[0];
			return null;
		}
		return $this->data[ substr( $name, 4 ) ] ?? null;
	}
	public function get_meta( $key ) {
		return $this->data['meta'][ $key ] ?? '';
	}
	public function update_meta_data( $key, $value ) {
		$this->data['meta'][ $key ] = $value;
	}
	public function add_order_note( $note ) {
		$this->data['notes'][] = $note;
	}
	public function add_item( $item ) {
		$this->data['items'][] = array( get_class( $item ), $item->data );
	}
	public function get_total_refunded() {
		return $this->data['refunded'];
	}
	public function needs_payment() {
		return in_array( $this->data['status'], array( 'pending', 'failed' ), true ) && $this->data['total'] > 0;
	}
	public function get_checkout_payment_url() {
		return home_url( "/checkout/order-pay/{$this->data['id']}/" );
	}
	public function save() {
		$all                       = get_option( 'test_shop_orders', array() );
		$this->data['id']          = $this->data['id'] ? $this->data['id'] : count( $all ) + 101;
		$all[ $this->data['id'] ]  = $this->data;
		update_option( 'test_shop_orders', $all );
		return $this->data['id'];
	}
	public function update_status( $status, $note = '' ) {
		$before               = $this->data['status'];
		$this->data['status'] = $status;
		$this->add_order_note( $note );
		$this->save();
		do_action( 'woocommerce_order_status_changed', $this->data['id'], $before, $status, $this );
	}
}

function wc_create_order( $given ) {
	$order = new WC_Order( $given );
	$order->save();
	return $order;
}
function wc_get_order( $id ) {
	wp_cache_delete( 'test_shop_orders', 'options' );
	$all = get_option( 'test_shop_orders', array() );
	return isset( $all[ $id ] ) ? new WC_Order( $all[ $id ] ) : false;
}
function test_shop_is_asked_for( $status, array $asked ) {
	$known = array_keys( wc_get_order_statuses() );
	if ( \Automattic\WooCommerce\Utilities\OrderUtil::custom_orders_table_usage_is_enabled() ) {
		$asked = in_array( 'any', $asked, true ) ? $known : $asked;
		return in_array( 'all', $asked, true ) || array_intersect( array( "wc-$status", $status ), $asked );
	}
	return in_array( 'any', $asked, true ) && 'trash' !== $status
		|| array_intersect( array( "wc-$status", $status ), $asked, array_merge( $known, array( 'trash' ) ) );
}
function wc_get_orders( $asked ) {
	global $test_shop_cached;
	wp_cache_delete( 'alloptions', 'options' );
	wp_cache_delete( 'test_shop_orders', 'options' );
	$cached = $asked['cache_results'] ?? true;
	$found  = array();
	foreach ( $cached ? $test_shop_cached : get_option( 'test_shop_orders', array() ) as $data ) {
		if ( ( $data['meta'][ $asked['meta_key'] ] ?? null ) === $asked['meta_value'] && test_shop_is_asked_for( $data['status'], (array) $asked['status'] ) ) {
			$found[] = new WC_Order( $data );
		}
	}
	return array_slice( $found, 0, $asked['limit'] );
}
function wc_get_order_statuses() {
	return array_fill_keys( array( 'wc-pending', 'wc-processing', 'wc-on-hold', 'wc-completed', 'wc-cancelled', 'wc-refunded', 'wc-failed' ), 'Named' );
}
function wc_get_price_decimals() {
	return (int) get_option( 'woocommerce_price_num_decimals', 2 );
}
function wc_format_decimal( $number, $decimals = false ) {
	return false === $decimals ? (string) $number : number_format( (float) $number, $decimals, '.', '' );
}
}
