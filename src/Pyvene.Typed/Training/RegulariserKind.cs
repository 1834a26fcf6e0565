namespace Pyvene.Typed.Training;

/// <summary>Names what a regulariser adds to the loss.</summary>
public enum RegulariserKind
{
    /// <summary>The sum of the parameter's elements, as pyvene's Boundless DAS has it for boundaries.</summary>
    Sum,

    /// <summary>The sum of the absolute values of its elements.</summary>
    L1,
}
