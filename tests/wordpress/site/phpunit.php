<?php
// php phpunit.php CORE arguments: PHPUnit inside a real WordPress, which wants the global scope.
$_SERVER += array( 'HTTP_HOST' => '127.0.0.1', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'SERVER_PROTOCOL' => 'HTTP/1.1' );
require $argv[1] . '/wp-load.php';
unset( $_SERVER['argv'][1], $argv[1] );
$_SERVER['argv'] = array_values( $_SERVER['argv'] );
require 'PHPUnit/Autoload.php';
PHPUnit\TextUI\Command::main();
