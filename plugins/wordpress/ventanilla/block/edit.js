/* In the editor a place marker; the page itself gets the window from the server. */
( function ( blocks, element, editor, components, told ) {
	blocks.registerBlockType( 'ventanilla/help-window', {
		edit: function () {
			return element.createElement(
				'div',
				editor.useBlockProps(),
				element.createElement( components.Placeholder, {
					icon: 'sos',
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
