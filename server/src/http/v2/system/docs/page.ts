/** The API reference as HTML: Swagger UI on the served document, all of it from this host. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tallyline API reference</title>
<link rel="icon" href="docs/assets/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
<link rel="stylesheet" href="docs/assets/theme.css">
</head>
<body>
<header class="masthead">
<img src="docs/assets/icon.svg" alt="" width="28" height="28">
<strong>Tallyline</strong>
<span>API reference</span>
<a href="openapi.json">openapi.json</a>
</header>
<main id="reference"><noscript><p class="plain">This page needs JavaScript. The same is in <a href="openapi.json">openapi.json</a>.</p></noscript></main>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/assets/start.js"></script>
</body>
</html>
`;

// Swagger UI sets styles through the DOM, which needs no exception; its icons are data: images.
export const docsContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
