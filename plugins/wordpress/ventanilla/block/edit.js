/* In the editor a place marker; the page itself gets the window from the server. */
( function ( blocks, element, editor, components, i18n ) {
	blocks.registerBlockType( 'ventanilla/help-window', {
		edit: function () {
			return element.createElement(
				'div',
				editor.useBlockProps(),
				element.createElement( components.Placeholder, {
					icon: 'sos',
					label: i18n.__( 'Help window', 'ventanilla' ),
					instructions: i18n.__( 'Visitors find requests, answers and contact hours here.', 'ventanilla' ),
				} )
			);
		},
		save: function () {
			return null;
		},
	} );
} )( window.wp.blocks, window.wp.element, window.wp.blockEditor, window.wp.components, window.wp.i18n );
