/* Keeps the number of waiting answers right, in the menu and in the toolbar. */
( function ( told ) {
	var heard = false;

	function show( count ) {
		document.querySelectorAll( '.ventanilla-unread' ).forEach( function ( badge ) {
			badge.className = badge.className.replace( /count-\d+/, 'count-' + count );
			badge.firstElementChild.textContent = count || '';
			badge.lastElementChild.textContent = count ? ( count === 1 ? told.one : told.many ).replace( '%s', count ) : '';
		} );
	}
	fetch( told.url, { method: 'POST', credentials: 'same-origin', headers: { 'X-Ventanilla': '1' } } )
		.then( function ( answer ) {
			return answer.ok ? answer.json() : Promise.reject();
		} )
		.then( function ( answer ) {
			// What the window itself counted meanwhile is newer.
			if ( ! heard ) {
				show( answer.unread );
			}
		} )
		.catch( function () {} );
	document.addEventListener( 'ventanilla:unread', function ( event ) {
		heard = true;
		show( event.detail.unread );
	} );
} )( window.ventanillaUnread );
