<?php
/**
 * The window inside a public page.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * A shortcode and a block, the same for whoever looks at the page.
 */
final class Inline_View {

	const SHORTCODE = 'ventanilla';

	/** @var Settings */
	private $settings;

	/** @var Embed */
	private $embed;

	public function __construct( Settings $settings, Embed $embed ) {
		$this->settings = $settings;
		$this->embed    = $embed;
	}

	public function register(): void {
		add_shortcode( self::SHORTCODE, array( $this, 'render' ) );
		add_action( 'init', array( $this, 'add_block' ) );
	}

	public function add_block(): void {
		$block = register_block_type( dirname( __DIR__ ) . '/block', array( 'render_callback' => array( $this, 'render_block' ) ) );
		if ( $block && is_admin() ) {
			wp_localize_script(
				generate_block_asset_handle( $block->name, 'editorScript' ),
				'ventanillaBlock',
				array(
					'label'        => __( 'Help window', 'ventanilla' ),
					'instructions' => __( 'Visitors find requests, answers and contact hours here.', 'ventanilla' ),
				)
			);
		}
	}

	/**
	 * The same, as wide as was chosen in the editor and with its classes.
	 */
	public function render_block(): string {
		$view = $this->render();
		return '' === $view ? '' : sprintf( '<div %s>%s</div>', get_block_wrapper_attributes(), $view );
	}

	/**
	 * The view, or for those who can mend it a word of what is missing.
	 */
	public function render(): string {
		if ( $this->settings->configured() ) {
			return $this->embed->view();
		}
		return current_user_can( 'manage_options' ) ? '<p>' . esc_html__( 'The help window appears here once Ventanilla is connected: Settings → Ventanilla.', 'ventanilla' ) . '</p>' : '';
	}
}
