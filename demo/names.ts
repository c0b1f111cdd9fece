/** Names of people, teams, projects, places and machines. Some are not plain ASCII, as in life. */
export const firstNames = ['Ada', 'Bruno', 'Chloé', 'Dmitri', 'Esra', 'Finn', 'Grace', 'Hüseyin', 'Ines', 'Jun', 'Katarzyna', 'Leila', 'Mateo', 'Noor',
  'Oluwaseun', 'Priya', 'Quentin', 'Rosa', 'Søren', 'Tomoko', 'Uma', 'Viktor', 'Wei', 'Ximena', 'Yara', 'Zoë'] as const;
export const lastNames = ['Almeida', 'Bergström', 'Costa', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Hoffmann', 'Ivanova', 'Jansen', 'Kowalski', 'Lindqvist',
  'Müller', 'Nakamura', 'Okafor', 'Patel', 'Quispe', 'Rossi', 'Sato', 'Torres', 'Ueda', 'Vasquez', 'Wang', 'Yılmaz', 'Zhang'] as const;
export const teamNames = ['Storefront', 'Checkout', 'Platform', 'Mobile', 'Data', 'Search', 'Operations', 'Payments', 'Growth', 'Security', 'Logistics', 'Design Systems'] as const;
export const projectNames = ['Storefront', 'Checkout API', 'Order Events', 'Billing', 'Catalog', 'Backoffice', 'iOS App', 'Partner Portal', 'Mailer', 'Search',
  'Inventory', 'Recommendations', 'Identity', 'Warehouse Robot', 'Pricing', 'Reports', 'Loyalty', 'Support Desk', 'Ad Server', 'Gift Cards'] as const;
export const environments = ['production', 'staging', 'canary', 'development'] as const;
export const servers = ['web-1', 'web-2', 'web-3', 'worker-a', 'worker-b', 'ip-10-0-4-17', 'k8s-node-7f9c', 'batch-1'] as const;
export const browsers = [['Chrome', '131.0.0'], ['Firefox', '132.0'], ['Safari', '18.1'], ['Edge', '130.0.0'], ['Mobile Safari', '17.6'], ['Samsung Internet', '26.0']] as const;
export const systems = [['Windows', '11'], ['macOS', '15.1'], ['Linux', '6.8'], ['Android', '14'], ['iOS', '17.6.1']] as const;
export const devices = [['iPhone 15 Pro', 'iPhone16,1'], ['iPhone 13', 'iPhone14,5'], ['iPad Air', 'iPad13,16'], ['iPhone SE', 'iPhone14,6']] as const;
export const cities = [['DE', 'Berlin', 'Germany'], ['FR', 'Lyon', 'France'], ['BR', 'São Paulo', 'Brazil'], ['JP', 'Osaka', 'Japan'], ['US', 'Portland', 'United States'],
  ['PL', 'Kraków', 'Poland'], ['KE', 'Nairobi', 'Kenya'], ['TR', 'İzmir', 'Turkey']] as const;
