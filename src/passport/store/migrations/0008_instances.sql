-- EST clients name a component and its instance alone. Of one component there may be very many.
CREATE INDEX components_by_instance ON components (name, instance);
