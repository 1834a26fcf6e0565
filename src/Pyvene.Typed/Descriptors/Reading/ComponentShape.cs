namespace Pyvene.Typed.Descriptors.Reading;

/// <summary>Is what can be chosen of a component, which its type offers.</summary>
internal enum ComponentShape
{
    /// <summary>Nothing but features: the whole tensor.</summary>
    Whole,

    /// <summary>[batch, position, width].</summary>
    Position,

    /// <summary>[batch, position, dMlp].</summary>
    Neuron,

    /// <summary>[batch, step, width]: one value a call of the module.</summary>
    Step,

    /// <summary>[batch, head, position, width], where heads are of any kind.</summary>
    Head,

    /// <summary>[batch, head, query, key], where heads are of any kind.</summary>
    Attention,
}
