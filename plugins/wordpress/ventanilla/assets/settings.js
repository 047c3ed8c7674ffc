/* The button "Test connection". */
( function ( told ) {
	var button = document.getElementById( 'ventanilla-test' );
	var result = document.getElementById( 'ventanilla-result' );
	var form = document.getElementById( 'ventanilla-form' );
	var changed = false;

	function show( kind, lines ) {
		var notice = document.createElement( 'div' );
		notice.className = 'notice inline notice-' + kind;
		lines.forEach( function ( line ) {
			var paragraph = document.createElement( 'p' );
			paragraph.textContent = line;
			notice.append( paragraph );
		} );
		result.replaceChildren( notice );
	}

	function test() {
		if ( changed ) {
			return show( 'warning', [ told.unsaved ] );
		}
		button.disabled = true;
		show( 'info', [ told.asking ] );
		fetch( told.url, { method: 'POST', credentials: 'same-origin', body: new URLSearchParams( { action: told.action, nonce: told.nonce } ) } )
			.then( function ( answer ) {
				return answer.json();
			} )
			.then( function ( answer ) {
				show( answer.success ? 'success' : 'error', answer.data );
			} )
			.catch( function () {
				show( 'error', [ told.failed ] );
			} )
			.then( function () {
				button.disabled = false;
			} );
	}

	form.addEventListener( 'input', function () {
		changed = true;
	} );
	button.addEventListener( 'click', test );
	button.disabled = false;
	if ( told.saved ) {
		test();
	}
} )( window.ventanillaTest );
