<?php
/**
 * The only part that speaks WooCommerce.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Orders of WooCommerce made from quotes. Amounts come as decimal text and are never computed again.
 */
final class Woo {

	/** Names the quote's order on WooCommerce's. */
	const OURS = '_ventanilla_order';

	/** Where the customer goes after paying. */
	const BACK = '_ventanilla_return';

	/** How many decimals the currency has. */
	const DECIMALS = '_ventanilla_decimals';

	/** Tax lines need the number of a rate; those of the shop's own table are small. */
	const RATES = 900000;

	public function is_there(): bool {
		return class_exists( 'WooCommerce' ) && function_exists( 'wc_create_order' );
	}

	/**
	 * Orders are read and written through WooCommerce's own objects only, wherever it keeps them.
	 */
	public function declare_compatible(): void {
		if ( class_exists( \Automattic\WooCommerce\Utilities\FeaturesUtil::class ) ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', dirname( __DIR__ ) . '/ventanilla.php', true );
		}
	}

	/**
	 * WooCommerce rounds every total to the decimals its prices are shown with, whatever the
	 * currency: an order with more would come to another sum.
	 *
	 * @param int $decimals Of the currency.
	 */
	public function keeps( int $decimals ): bool {
		return wc_get_price_decimals() >= $decimals;
	}

	/**
	 * The order made for one of ours, if there is one: also in a state of a plugin that was switched
	 * off since, and as the database has it, for a cache may know nothing of the one just made.
	 *
	 * @param string $ours Our order's id.
	 * @return \WC_Order|null
	 */
	public function find( string $ours ) {
		$found = wc_get_orders(
			array(
				'limit'         => 1,
				'type'          => 'shop_order',
				'status'        => self::every_status(),
				'cache_results' => false,
				'meta_key'      => self::OURS, // phpcs:ignore WordPress.DB.SlowDBQuery -- once per payment.
				'meta_value'    => $ours, // phpcs:ignore WordPress.DB.SlowDBQuery
			)
		);
		return is_array( $found ) && isset( $found[0] ) ? $found[0] : null;
	}

	/**
	 * What asks for orders in whatever state: its own tables and WordPress's posts call it otherwise.
	 *
	 * @return string|string[]
	 */
	private static function every_status() {
		if ( class_exists( \Automattic\WooCommerce\Utilities\OrderUtil::class ) && \Automattic\WooCommerce\Utilities\OrderUtil::custom_orders_table_usage_is_enabled() ) {
			return 'all';
		}
		// "any" leaves out the states that searches do not see, unless they are named.
		return array_merge( array( 'any', 'trash' ), array_keys( wc_get_order_statuses() ) );
	}

	/**
	 * An order of ours by WooCommerce's number; none of the shop's others.
	 *
	 * @param int $number WooCommerce's.
	 * @return \WC_Order|null
	 */
	public function get( int $number ) {
		$order = wc_get_order( $number );
		return $order && '' !== (string) $order->get_meta( self::OURS ) ? $order : null;
	}

	/**
	 * Makes an order that waits for payment.
	 *
	 * @param array<string, mixed> $asked As the help desk asks for it.
	 * @param int                  $user  The customer, or 0.
	 * @return \WC_Order
	 */
	public function create( array $asked, int $user ) {
		// Nothing is saved before all is set: what the shop does not take must leave no empty order behind.
		$order = new \WC_Order();
		$order->set_status( 'pending' );
		$order->set_created_via( 'ventanilla' );
		$order->set_customer_id( $user );
		$order->set_currency( $asked['currency'] );
		$order->set_prices_include_tax( false );
		$order->set_billing_email( (string) is_email( (string) ( $asked['customer']['email'] ?? '' ) ) );
		$order->set_billing_first_name( (string) ( $asked['customer']['name'] ?? '' ) );
		$order->update_meta_data( self::OURS, $asked['order'] );
		$order->update_meta_data( self::DECIMALS, (string) (int) $asked['decimals'] );
		$order->update_meta_data( self::BACK, (string) ( $asked['return'] ?? '' ) );
		$taxes = array();
		foreach ( $asked['lines'] as $line ) {
			$rate           = (string) $line['vat_rate'];
			$taxes[ $rate ] = $this->plus( $taxes[ $rate ] ?? '0', $line['vat'], (int) $asked['decimals'] );
			$order->add_item( $this->line( $line ) );
		}
		foreach ( $taxes as $rate => $sum ) {
			$order->add_item( $this->tax( (string) $rate, $sum ) );
		}
		$order->set_cart_tax( $asked['vat'] );
		$order->set_total( $asked['total'] );
		if ( ! $order->save() ) {
			throw new \RuntimeException( 'The shop did not save the order.' );
		}
		/* translators: 1: number of a quote, 2: its title. */
		$order->add_order_note( sprintf( __( 'Quote %1$s: %2$s', 'ventanilla' ), $asked['number'], $asked['title'] ) );
		return $order;
	}

	/**
	 * Nobody can pay it any more. One that was paid stays as it is.
	 *
	 * @param \WC_Order $order Which.
	 */
	public function cancel( $order ): void {
		if ( $order->needs_payment() || 'on-hold' === $order->get_status() ) {
			$order->update_status( 'cancelled', __( 'The quote was withdrawn.', 'ventanilla' ) );
		}
	}

	/**
	 * How the order stands, for the help desk.
	 *
	 * @param \WC_Order $order Which.
	 * @return array<string, mixed>
	 */
	public function describe( $order ): array {
		$decimals = (int) $order->get_meta( self::DECIMALS );
		return array(
			'order'    => (string) $order->get_meta( self::OURS ),
			'id'       => (string) $order->get_id(),
			'status'   => $order->get_status(),
			'total'    => wc_format_decimal( (string) $order->get_total(), $decimals ),
			'refunded' => wc_format_decimal( (string) $order->get_total_refunded(), $decimals ),
			'currency' => $order->get_currency(),
			'url'      => $order->needs_payment() ? $order->get_checkout_payment_url() : null,
		);
	}

	/**
	 * @param array<string, mixed> $line One of the quote's.
	 */
	private function line( array $line ): \WC_Order_Item_Product {
		$item  = new \WC_Order_Item_Product();
		$count = (float) $line['quantity'];
		$whole = floor( $count ) === $count && $count > 0;
		// WooCommerce counts in pieces; hours and halves are told in the text.
		$item->set_name( $whole ? $line['text'] : rtrim( rtrim( $line['quantity'], '0' ), '.' ) . ' × ' . $line['text'] );
		$item->set_quantity( $whole ? (int) $count : 1 );
		$item->set_subtotal( $line['net'] );
		$item->set_total( $line['net'] );
		$rate = array( self::rate_id( $line['vat_rate'] ) => $line['vat'] );
		$item->set_taxes(
			array(
				'subtotal' => $rate,
				'total'    => $rate,
			)
		);
		return $item;
	}

	private function tax( string $rate, string $sum ): \WC_Order_Item_Tax {
		$item = new \WC_Order_Item_Tax();
		$item->set_rate_id( self::rate_id( $rate ) );
		$item->set_name( "VENTANILLA-VAT-$rate" );
		/* translators: %s: a rate such as 22. */
		$item->set_label( sprintf( __( 'VAT %s %%', 'ventanilla' ), rtrim( rtrim( $rate, '0' ), '.' ) ) );
		$item->set_rate_percent( (float) $rate );
		$item->set_tax_total( $sum );
		$item->set_shipping_tax_total( 0 );
		return $item;
	}

	private static function rate_id( string $rate ): int {
		return self::RATES + (int) round( 100 * (float) $rate );
	}

	private function plus( string $one, string $other, int $decimals ): string {
		return number_format( round( (float) $one + (float) $other, $decimals ), $decimals, '.', '' );
	}
}
