<?php
// A host site in plain PHP, 7.4 or newer, with no library, that vouches for its user.
//
//   VENTANILLA_URL=http://127.0.0.1:8700 SITE_KEY=… KEY_ID=… SECRET=… php -S 127.0.0.1:8701 examples/php_host.php

namespace VentanillaExample;

const USERS = [
    'ada' => ['name' => 'Ada Ferrer', 'email' => 'ada@customers.example'],
    'bruno' => ['name' => 'Bruno Conti', 'email' => 'bruno@customers.example'],
];

/** A JWT signed with HS256: who the user is, for the next five minutes. */
function sign(array $claims, string $keyId, string $secret): string
{
    $part = static fn(array $value): string => base64url(json_encode(
        $value,
        JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE
    ));
    $text = $part(['alg' => 'HS256', 'kid' => $keyId, 'typ' => 'JWT']) . '.' . $part($claims);
    return $text . '.' . base64url(hash_hmac('sha256', $text, $secret, true));
}

function base64url(string $bytes): string
{
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

/** What the widget asks at the click: same origin, by POST with its header, never cached. */
function identity(string $user): array
{
    if (($_SERVER['HTTP_X_VENTANILLA'] ?? '') !== '1' || !isset(USERS[$user])) {
        return ['anonymous' => true];
    }
    $now = time();
    $claims = ['sub' => $user, 'iat' => $now, 'exp' => $now + 300, 'email_verified' => true] + USERS[$user];
    return ['token' => sign($claims, getenv('KEY_ID'), getenv('SECRET'))];
}

function page(string $user): string
{
    $text = static fn(string $value): string => htmlspecialchars($value, ENT_QUOTES);
    $script = $text((getenv('VENTANILLA_URL') ?: 'http://127.0.0.1:8700') . '/w/' . getenv('SITE_KEY') . '.js');
    $who = $text(USERS[$user]['name'] ?? 'Nadie');
    $buttons = '';
    foreach (USERS + ['nobody' => ['name' => 'Nadie']] as $id => $each) {
        $buttons .= "<button name=\"user\" value=\"{$text($id)}\">{$text($each['name'])}</button> ";
    }
    return <<<HTML
        <!doctype html>
        <html lang="es">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
        <title>PHP</title>
        <link rel="icon" href="data:,">
        <h1>Un sitio en PHP</h1>
        <p>Ahora mismo: <b>{$who}</b></p>
        <form method="post" action="/sign-in">{$buttons}</form>
        <script async src="{$script}" data-identity-url="/identity"></script>
        </html>
        HTML;
}

function serve(): void
{
    session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax', 'use_strict_mode' => true]);
    $user = $_SESSION['user'] ?? '';
    $asked = $_SERVER['REQUEST_METHOD'] . ' ' . parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
    if ($asked === 'POST /identity') {
        header('Content-Type: application/json');
        header('Cache-Control: no-store');
        echo json_encode(identity($user));
    } elseif ($asked === 'POST /sign-in') {
        // A session of its own for each person: nobody inherits one.
        session_regenerate_id(true);
        $chosen = (string) ($_POST['user'] ?? '');
        $_SESSION['user'] = isset(USERS[$chosen]) ? $chosen : '';
        header('Location: /', true, 303);
    } else {
        header('Content-Type: text/html; charset=utf-8');
        echo page($user);
    }
}

if (PHP_SAPI === 'cli-server') {
    serve();
}
