namespace Pyvene.Typed.Training;

/// <summary>Names a rule by which parameters follow their gradients.</summary>
public enum OptimiserKind
{
    /// <summary>Adam (Kingma and Ba, 2015); weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019).</summary>
    AdamW,

    /// <summary>Gradient descent, with momentum where it is set.</summary>
    Sgd,
}
