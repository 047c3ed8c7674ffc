<?php
/**
 * The form of the settings.
 *
 * @var array<string, mixed> $values Settings::all().
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

$ventanilla_name = static function ( string $name ): string {
	return Settings::OPTION . "[$name]";
};
?>
<div class="wrap">
	<h1><?php esc_html_e( 'Ventanilla', 'ventanilla' ); ?></h1>
	<p><?php esc_html_e( 'A help window for your visitors and your team. The help desk itself runs on your Ventanilla server; its console shows the values to enter here.', 'ventanilla' ); ?></p>
	<form method="post" action="options.php" id="ventanilla-form">
		<?php settings_fields( Settings_Page::SLUG ); ?>

		<h2><?php esc_html_e( 'Connection', 'ventanilla' ); ?></h2>
		<table class="form-table" role="presentation">
			<tr>
				<th scope="row"><label for="ventanilla-server"><?php esc_html_e( 'Server', 'ventanilla' ); ?></label></th>
				<td>
					<input id="ventanilla-server" class="regular-text code" type="text" inputmode="url" autocomplete="off" spellcheck="false" name="<?php echo esc_attr( $ventanilla_name( 'server' ) ); ?>" value="<?php echo esc_attr( $values['server'] ); ?>" placeholder="https://help.example.com" aria-describedby="ventanilla-server-hint">
					<p class="description" id="ventanilla-server-hint"><?php esc_html_e( 'You may also paste the whole script tag from the console: it holds server and site key.', 'ventanilla' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="ventanilla-key"><?php esc_html_e( 'Site key', 'ventanilla' ); ?></label></th>
				<td><input id="ventanilla-key" class="regular-text code" type="text" autocomplete="off" spellcheck="false" name="<?php echo esc_attr( $ventanilla_name( 'site_key' ) ); ?>" value="<?php echo esc_attr( $values['site_key'] ); ?>"></td>
			</tr>
			<tr>
				<th scope="row"><label for="ventanilla-secret"><?php esc_html_e( 'Secret', 'ventanilla' ); ?></label></th>
				<td>
					<?php if ( $this->settings->secret_is_constant() ) : ?>
						<input id="ventanilla-secret" class="regular-text" type="text" disabled value="<?php esc_attr_e( 'Set in wp-config.php', 'ventanilla' ); ?>">
					<?php else : ?>
						<input id="ventanilla-secret" class="regular-text code" type="password" autocomplete="new-password" name="<?php echo esc_attr( Settings::SECRET ); ?>" value="" placeholder="<?php echo '' === $this->settings->secret() ? '' : esc_attr__( 'Saved. Leave empty to keep it.', 'ventanilla' ); ?>" aria-describedby="ventanilla-secret-hint">
						<p class="description" id="ventanilla-secret-hint">
							<?php esc_html_e( 'With it this site vouches for its signed-in users. It never reaches a browser. To keep it out of the database, put this line into wp-config.php:', 'ventanilla' ); ?>
						</p>
						<p><code>define( 'VENTANILLA_SECRET', '…' );</code></p>
					<?php endif; ?>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'Test', 'ventanilla' ); ?></th>
				<td>
					<button type="button" class="button" id="ventanilla-test" disabled><?php esc_html_e( 'Test connection', 'ventanilla' ); ?></button>
					<div id="ventanilla-result" role="status"></div>
				</td>
			</tr>
		</table>

		<h2><?php esc_html_e( 'Where and for whom', 'ventanilla' ); ?></h2>
		<table class="form-table" role="presentation">
			<tr>
				<th scope="row"><?php esc_html_e( 'On the website', 'ventanilla' ); ?></th>
				<td>
					<fieldset>
						<legend class="screen-reader-text"><?php esc_html_e( 'On the website', 'ventanilla' ); ?></legend>
						<label><input type="checkbox" name="<?php echo esc_attr( $ventanilla_name( 'front' ) ); ?>" value="1" <?php checked( $values['front'] ); ?>> <?php esc_html_e( 'Show the button', 'ventanilla' ); ?></label><br>
						<label><input type="radio" name="<?php echo esc_attr( $ventanilla_name( 'front_for' ) ); ?>" value="all" <?php checked( $values['front_for'], 'all' ); ?>> <?php esc_html_e( 'To everybody', 'ventanilla' ); ?></label><br>
						<label><input type="radio" name="<?php echo esc_attr( $ventanilla_name( 'front_for' ) ); ?>" value="users" <?php checked( $values['front_for'], 'users' ); ?>> <?php esc_html_e( 'Only to signed-in users', 'ventanilla' ); ?></label>
					</fieldset>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="ventanilla-paths"><?php esc_html_e( 'But not on', 'ventanilla' ); ?></label></th>
				<td>
					<textarea id="ventanilla-paths" class="regular-text code" rows="3" name="<?php echo esc_attr( $ventanilla_name( 'hidden_paths' ) ); ?>" placeholder="/checkout/*" aria-describedby="ventanilla-paths-hint"><?php echo esc_textarea( implode( "\n", $values['hidden_paths'] ) ); ?></textarea>
					<p class="description" id="ventanilla-paths-hint"><?php esc_html_e( 'One page a line: its address, or a path such as /checkout/* or /wp-admin/edit.php; * stands for anything. The shortcode [ventanilla] and the block “Help window” put the full view into a page of your choice.', 'ventanilla' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'In wp-admin', 'ventanilla' ); ?></th>
				<td><label><input type="checkbox" name="<?php echo esc_attr( $ventanilla_name( 'admin' ) ); ?>" value="1" <?php checked( $values['admin'] ); ?>> <?php esc_html_e( 'Show the button and the page “Support”', 'ventanilla' ); ?></label></td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'For these roles', 'ventanilla' ); ?></th>
				<td>
					<fieldset>
						<legend class="screen-reader-text"><?php esc_html_e( 'For these roles', 'ventanilla' ); ?></legend>
						<input type="hidden" name="<?php echo esc_attr( $ventanilla_name( 'shown_roles' ) ); ?>[]" value="">
						<?php foreach ( wp_roles()->get_names() as $ventanilla_role => $ventanilla_label ) : ?>
							<label><input type="checkbox" name="<?php echo esc_attr( $ventanilla_name( 'shown_roles' ) ); ?>[]" value="<?php echo esc_attr( $ventanilla_role ); ?>" <?php checked( ! in_array( $ventanilla_role, $values['hidden_roles'], true ) ); ?>> <?php echo esc_html( translate_user_role( $ventanilla_label ) ); ?></label><br>
						<?php endforeach; ?>
					</fieldset>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'For faster answers', 'ventanilla' ); ?></th>
				<td>
					<label><input type="checkbox" name="<?php echo esc_attr( $ventanilla_name( 'share' ) ); ?>" value="1" <?php checked( $values['share'] ); ?>> <?php esc_html_e( 'Tell the help desk what this site runs on', 'ventanilla' ); ?></label>
					<p class="description"><?php esc_html_e( 'Names and versions of WordPress, PHP, the theme and active plugins, sent from server to server when they change. Nobody else sees them.', 'ventanilla' ); ?></p>
				</td>
			</tr>
		</table>
		<?php submit_button(); ?>
	</form>
</div>
