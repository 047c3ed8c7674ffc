<?php
/**
 * WordPress's own tools for personal data.
 *
 * @package Ventanilla
 */

namespace Ventanilla;

defined( 'ABSPATH' ) || exit;

/**
 * Exports and erases what the help desk keeps of an address. If its server is away the tool says
 * so and can be run again; nothing is taken for done.
 */
final class Privacy {

	const ID = 'ventanilla';

	/** Seconds a long history may take. */
	const PATIENCE = 30;

	/** @var Settings */
	private $settings;

	/** @var Server */
	private $server;

	public function __construct( Settings $settings, Server $server ) {
		$this->settings = $settings;
		$this->server   = $server;
	}

	public function register(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'add_exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'add_eraser' ) );
		add_action( 'admin_init', array( $this, 'suggest_policy' ) );
	}

	/**
	 * @param array<string, mixed> $exporters Those of others.
	 * @return array<string, mixed>
	 */
	public function add_exporter( $exporters ) {
		$exporters[ self::ID ] = array(
			'exporter_friendly_name' => __( 'Ventanilla requests', 'ventanilla' ),
			'callback'               => array( $this, 'export' ),
		);
		return $exporters;
	}

	/**
	 * @param array<string, mixed> $erasers Those of others.
	 * @return array<string, mixed>
	 */
	public function add_eraser( $erasers ) {
		$erasers[ self::ID ] = array(
			'eraser_friendly_name' => __( 'Ventanilla requests', 'ventanilla' ),
			'callback'             => array( $this, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * @param string $email Whose data.
	 * @return array{data: array<int, mixed>, done: bool}|\WP_Error
	 */
	public function export( $email ) {
		$answers = $this->ask_of( '/exports', (string) $email );
		if ( is_wp_error( $answers ) ) {
			return $answers;
		}
		$items = array();
		foreach ( $answers as $answer ) {
			foreach ( self::many( $answer, 'people' ) as $person ) {
				foreach ( self::many( $person, 'tickets' ) as $ticket ) {
					$items[] = $this->item( $ticket );
				}
				$about = is_array( $person['person'] ?? null ) ? $person['person'] : array();
				$pairs = self::pairs( $about + array_diff_key( $person, array_flip( array( 'person', 'tickets', 'exported_at' ) ) ) );
				if ( $pairs ) {
					$items[] = array(
						'group_id'    => 'ventanilla-person',
						'group_label' => __( 'Known to the help desk', 'ventanilla' ),
						'item_id'     => 'ventanilla-' . ( self::text( $about, 'id' ) ?: 'visitor-' . count( $items ) ),
						'data'        => $pairs,
					);
				}
			}
		}
		return array(
			'data' => $items,
			'done' => true,
		);
	}

	/**
	 * @param string $email Whose data.
	 * @return array{items_removed: int, items_retained: bool, messages: string[], done: bool}|\WP_Error
	 */
	public function erase( $email ) {
		$answers = $this->ask_of( '/erasures', (string) $email );
		if ( is_wp_error( $answers ) ) {
			return $answers;
		}
		$user = get_user_by( 'email', (string) $email );
		if ( $user ) {
			delete_user_option( $user->ID, Unread::KEPT );
		}
		return array(
			'items_removed'  => (int) array_sum( array_column( $answers, 'tickets' ) ) + (int) array_sum( array_column( $answers, 'people' ) ),
			'items_retained' => false,
			'messages'       => array(),
			'done'           => true,
		);
	}

	public function suggest_policy(): void {
		wp_add_privacy_policy_content(
			'Ventanilla',
			'<p>' . esc_html__( 'When you write to us through the help window, we keep what you send, your address and, if you agree, the page you wrote from, on our help desk’s own server. If you are signed in, your name, address and role on this site go with it. Nothing is stored in your browser before you open the window.', 'ventanilla' ) . '</p>'
		);
	}

	/**
	 * Asks for whoever has the address, and for users who had it until they were deleted here.
	 *
	 * @return array<int, array<string, mixed>>|\WP_Error
	 */
	private function ask_of( string $path, string $email ) {
		if ( ! $this->settings->configured() || '' === $this->settings->secret() ) {
			return array( array() );
		}
		$user    = get_user_by( 'email', $email );
		$answers = array( $this->ask( $path, array( 'email' => $email ) + ( $user ? array( 'sub' => Token::subject( $user->ID ) ) : array() ) ) );
		$former  = is_wp_error( $answers[0] ) ? array() : array_filter( (array) ( $answers[0]['former'] ?? array() ), 'is_string' );
		foreach ( $former as $subject ) {
			if ( Token::user_of( $subject ) && ! get_userdata( Token::user_of( $subject ) ) ) {
				$answers[] = $this->ask( $path, array( 'sub' => $subject ) );
			}
		}
		$failed = array_values( array_filter( $answers, 'is_wp_error' ) );
		return $failed ? $failed[0] : $answers;
	}

	/**
	 * @param array<string, string> $person By address, by subject, or both.
	 * @return array<string, mixed>|\WP_Error
	 */
	private function ask( string $path, array $person ) {
		$answer = $this->server->ask( 'POST', $path, array( 'jti' => wp_generate_uuid4() ), $person, self::PATIENCE );
		if ( ! is_wp_error( $answer ) ) {
			return $answer;
		}
		/* translators: %s: technical reason. */
		$told = sprintf( __( 'Ventanilla’s server did not do it (%s). Nothing there was exported or erased; run the tool again.', 'ventanilla' ), $answer->get_error_message() );
		if ( doing_action( 'wp_ajax_wp-privacy-export-personal-data' ) ) {
			// WordPress's page shows sentences, and of an error object only that it is one.
			wp_send_json_error( $told );
		}
		return new \WP_Error( $answer->get_error_code(), $told );
	}

	/**
	 * @param array<string, mixed> $ticket As the server exports it.
	 * @return array<string, mixed>
	 */
	private function item( array $ticket ): array {
		$pairs = self::pairs( array_diff_key( $ticket, array_flip( array( 'messages', 'files' ) ) ) );
		foreach ( self::many( $ticket, 'messages' ) as $message ) {
			$pairs[] = self::pair( self::text( $message, 'at' ) . ', ' . self::text( $message, 'by' ), self::text( $message, 'text' ) );
		}
		$files = array_column( self::many( $ticket, 'files' ), 'name' );
		if ( $files ) {
			$pairs[] = self::pair( __( 'Files', 'ventanilla' ), implode( ', ', array_filter( $files, 'is_string' ) ) );
		}
		return array(
			'group_id'    => 'ventanilla-requests',
			'group_label' => __( 'Requests to the help desk', 'ventanilla' ),
			'item_id'     => 'ventanilla-request-' . self::text( $ticket, 'number' ),
			'data'        => $pairs,
		);
	}

	/**
	 * Everything there is, each value under the names that lead to it.
	 *
	 * @param array<mixed> $data What was answered.
	 * @param string       $path What led here.
	 * @return array<int, array{name: string, value: string}>
	 */
	private static function pairs( array $data, string $path = '' ): array {
		$pairs = array();
		foreach ( $data as $name => $value ) {
			$label = ( '' === $path ? '' : "$path, " ) . ( is_int( $name ) ? $name + 1 : $name );
			if ( is_array( $value ) ) {
				$pairs = array_merge( $pairs, self::pairs( $value, $label ) );
			} elseif ( is_scalar( $value ) ) {
				$pairs[] = self::pair( $label, (string) ( is_bool( $value ) ? (int) $value : $value ) );
			}
		}
		return $pairs;
	}

	/**
	 * @return array{name: string, value: string}
	 */
	private static function pair( string $name, string $value ): array {
		return array(
			'name'  => esc_html( $name ),
			'value' => esc_html( $value ),
		);
	}

	/**
	 * @param array<string, mixed> $from What was answered.
	 * @return array<int, array<string, mixed>>
	 */
	private static function many( array $from, string $name ): array {
		return array_filter( is_array( $from[ $name ] ?? null ) ? $from[ $name ] : array(), 'is_array' );
	}

	/**
	 * @param array<string, mixed> $from What was answered.
	 */
	private static function text( array $from, string $name ): string {
		return isset( $from[ $name ] ) && is_scalar( $from[ $name ] ) ? (string) $from[ $name ] : '';
	}
}
