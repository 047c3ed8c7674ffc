/* In the editor a place marker; the page itself gets the window from the server. */
( function ( blocks, element, editor, components, told ) {
	// Drawn here, as the editor's frame does not load WordPress's font of icons, and not filled, as it would.
	var icon = element.createElement(
		'svg',
		{ viewBox: '0 0 24 24', width: 24, height: 24, fill: 'none', stroke: 'currentColor', strokeWidth: 1.75, 'aria-hidden': true },
		element.createElement( 'circle', { cx: 12, cy: 12, r: 9, fill: 'none' } ),
		element.createElement( 'circle', { cx: 12, cy: 12, r: 4, fill: 'none' } ),
		element.createElement( 'path', { d: 'm5.6 5.6 3.6 3.6m5.6 5.6 3.6 3.6m0-12.8-3.6 3.6m-5.6 5.6-3.6 3.6', fill: 'none' } )
	);
	blocks.registerBlockType( 'ventanilla/help-window', {
		icon: icon,
		edit: function () {
			return element.createElement(
				'div',
				editor.useBlockProps(),
				element.createElement( components.Placeholder, {
					icon: icon,
					label: told.label,
					instructions: told.instructions,
				} )
			);
		},
		save: function () {
			return null;
		},
	} );
} )( window.wp.blocks, window.wp.element, window.wp.blockEditor, window.wp.components, window.ventanillaBlock );
