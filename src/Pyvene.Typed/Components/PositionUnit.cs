namespace Pyvene.Typed.Configuration;

/// <summary>Says what the positions of a place count.</summary>
public enum PositionUnit
{
    /// <summary>
    /// Positions of a sequence, or indices of dimension 1 of the module's tensor where the inputs are no text: said at a module path, also of one with more
    /// than three axes, such as the channels of an image.
    /// </summary>
    Position,

    /// <summary>
    /// Calls of the module in one run, from 0: the time steps of a recurrent model, whose cell is called once a step. Only the examples whose step it is are
    /// read or written in a call; the k-th step that is read in the source goes to the k-th that is written in the base.
    /// </summary>
    Step,
}
