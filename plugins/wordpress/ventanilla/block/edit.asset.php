<?php
/**
 * What the block's script needs.
 *
 * @package Ventanilla
 */

defined( 'ABSPATH' ) || exit;

return array(
	'dependencies' => array( 'wp-blocks', 'wp-block-editor', 'wp-components', 'wp-element' ),
	'version'      => '0.1.0',
);
