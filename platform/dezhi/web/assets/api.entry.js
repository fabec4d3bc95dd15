// The page on which people read the API's description and try it. Nothing is asked of any other machine: the validator's
// badge, which would be, is off. `swagger-ui-dist` is built in whole, for this page alone.
import SwaggerUIBundle from "swagger-ui-dist/swagger-ui-es-bundle.js";

SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  docExpansion: "list",
  validatorUrl: null,
  // A token stays in this page's memory and is gone with it.
  persistAuthorization: false,
});
