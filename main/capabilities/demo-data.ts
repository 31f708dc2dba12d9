/** A client as it is first written. */
export interface DemoClient {
  readonly id: string;
  readonly name: string;
  readonly type: 'company' | 'individual' | null;
  readonly inactive: boolean;
  readonly currency: string | null;
  /** Whether the tenant's first internal user looks after it. */
  readonly managed: boolean;
  readonly billingEmail: string | null;
}

/** A service or product as it is first written; rates in minor currency units. */
export interface DemoService {
  readonly id: string;
  readonly name: string;
  readonly kind: 'service' | 'product';
  readonly method: 'fixed' | 'hourly' | 'usage';
  readonly type: string | null;
  readonly rate: number;
  readonly unit: string;
  readonly active: boolean;
  readonly sku: string | null;
}

/** Made up; more than one page of 25, and two that are inactive among the first. */
const COMPANIES = [
  'Alder & Finch Architects',
  'Amberline Logistics',
  'Barnacle Boatworks',
  'Birchgate Dental',
  'Bluefern Catering',
  'Brickfield Primary School',
  'Cinder Peak Outfitters',
  'Cobalt Row Studios',
  'Copperleaf Accounting',
  'Dunmore Veterinary',
  'Eastwick Printers',
  'Fallow Field Farms',
  'Fernhill Care Homes',
  'Gable & Stone Builders',
  'Glasswater Aquariums',
  'Harrowgate Legal',
  'Hollow Oak Furniture',
  'Ironbridge Cycles',
  'Juniper Street Bakery',
  'Kestrel Aerial Surveys',
  'Larkspur Insurance',
  'Lowland Freight',
  'Marigold Textiles',
  'Millrace Brewing',
  'Northpoint Optics',
  'Oatfield Dairy',
  'Pebble Beach Surf School',
  'Quarry Lane Motors',
  'Redwillow Pharmacy',
  'Saltmarsh Museum',
  'Tamarack Energy',
  'Underhill Property',
] as const;

const INACTIVE: ReadonlySet<string> = new Set(['Birchgate Dental', 'Lowland Freight', 'Quarry Lane Motors']);
const PEOPLE = ['Wren Castellan', 'Yusra Okonedo'] as const;

/** 34 clients, 31 of them active. The ids are the same in every data folder, so that they can stand in an author's tests. */
export const DEMO_CLIENTS: readonly DemoClient[] = [
  ...COMPANIES.map((name, index) => ({
    id: demoId('c', index + 1),
    name,
    type: 'company' as const,
    inactive: INACTIVE.has(name),
    currency: index % 5 === 4 ? 'EUR' : 'USD',
    managed: index % 3 !== 2,
    billingEmail: `billing@${domainOf(name)}.example`,
  })),
  ...PEOPLE.map((name, index) => ({
    id: demoId('c', COMPANIES.length + index + 1),
    name,
    type: index === 0 ? ('individual' as const) : null,
    inactive: false,
    currency: null,
    managed: false,
    billingEmail: null,
  })),
];

type ServiceTuple = readonly [
  name: string,
  method: DemoService['method'],
  type: string | null,
  rate: number,
  unit: string,
  sku: string | null,
];

const SERVICES: readonly ServiceTuple[] = [
  ['Backup storage', 'usage', 'Cloud', 12, 'GB', null],
  ['Email security', 'usage', 'Security', 350, 'mailbox', null],
  ['Emergency on-site visit', 'hourly', 'On-site', 18_500, 'hour', null],
  ['Firewall management', 'fixed', 'Security', 12_900, 'month', null],
  ['Help desk', 'hourly', 'Support', 9_500, 'hour', null],
  ['Managed workstation', 'fixed', 'Managed', 4_900, 'month', null],
  ['Managed server', 'fixed', 'Managed', 14_900, 'month', null],
  ['Network assessment', 'fixed', 'Consulting', 95_000, 'project', null],
  ['Project engineering', 'hourly', 'Consulting', 14_500, 'hour', null],
  ['Training session', 'hourly', null, 11_000, 'hour', null],
];

const PRODUCTS: readonly ServiceTuple[] = [
  ['Access point', 'fixed', 'Hardware', 18_900, 'each', 'HW-AP-01'],
  ['Laptop 14 inch', 'fixed', 'Hardware', 129_900, 'each', 'HW-LT-14'],
  ['Office licence', 'usage', 'Licences', 1_250, 'seat', 'LIC-OFF'],
  ['Rack UPS', 'fixed', 'Hardware', 74_900, 'each', 'HW-UPS-2U'],
];

const RETIRED: ReadonlySet<string> = new Set(['Network assessment', 'Rack UPS']);

/** 10 services and 4 products, one of each inactive; ids as with {@link DEMO_CLIENTS}. */
export const DEMO_SERVICES: readonly DemoService[] = [
  ...SERVICES.map((tuple, index) => serviceOf('service', tuple, index + 1)),
  ...PRODUCTS.map((tuple, index) => serviceOf('product', tuple, SERVICES.length + index + 1)),
];

function serviceOf(kind: DemoService['kind'], tuple: ServiceTuple, serial: number): DemoService {
  const [name, method, type, rate, unit, sku] = tuple;
  return { id: demoId('5', serial), kind, name, method, type, rate, unit, active: !RETIRED.has(name), sku };
}

/** The id of the type a demo service belongs to. */
export function demoTypeId(type: string): string {
  const types = [...new Set(DEMO_SERVICES.map(service => service.type))];
  return demoId('7', types.indexOf(type) + 1);
}

/** A UUID of version 4's form that can be told from a real one. */
function demoId(kind: string, serial: number): string {
  return `${kind}0000000-0000-4000-8000-${String(serial).padStart(12, '0')}`;
}

function domainOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z]+/g, '-');
}
