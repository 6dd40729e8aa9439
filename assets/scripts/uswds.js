// The behaviours of USWDS that the pages use: the menu on a phone, and the user menu.
import accordion from "@uswds/uswds/js/usa-accordion";
import navigation from "@uswds/uswds/js/usa-header";

for (const behaviour of [accordion, navigation]) behaviour.on(document.body);
